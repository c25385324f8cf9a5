import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { TestPlace } from './test-place.js';

// Some clients offer an upgrade that the server does not support on each request. The server must ignore the offer.

let place: TestPlace;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await place.stop();
});

/** The headers of a client that supports HTTP/2, such as Java's, on each request over plain HTTP. */
const offer = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAARAAAAAAAIAAAAA' };

/** Returns everything the server answers to these bytes until it closes the connection. */
async function answersTo(...parts: readonly string[]): Promise<string> {
  const socket = connect(Number(new URL(place.url).port), '127.0.0.1');
  sockets.push(socket);
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  // Bytes sent after the server closed the connection are answered by a reset.
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.on('close', resolve));
  for (const part of parts) {
    socket.write(part);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await closed;
  return text;
}

/** Builds the head of a request with the offer. */
function head(line: string, more: Readonly<Record<string, string>> = {}): string {
  const headers = Object.entries({ host: 'localhost', ...offer, ...more });
  return `${line}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

/** Returns the statuses of all answers. */
const statuses = (text: string): readonly string[] =>
  [...text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, code]) => code ?? '');
/** The body of a registration. */
const named = (name: string): string => JSON.stringify({ name, password: 'correct horse' });
/** The headers of a JSON body. */
const posted = (body: string): Record<string, string> => ({
  'content-type': 'application/json',
  'content-length': `${Buffer.byteLength(body)}`,
});

test('a request that offers HTTP/2 is served as if it did not', async () => {
  place = await TestPlace.start();
  const rest = await answersTo(head('GET /api/server HTTP/1.1'));
  expect(rest).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*connection: close\r\n[\s\S]*"registration":"open"/i);
  expect(statuses(await answersTo(head('GET /nothing HTTP/1.1')))).toEqual(['404']);
  expect(statuses(await answersTo(head('GET /api/server HTTP/1.0')))).toEqual(['200']);
  expect(statuses(await answersTo(head('HEAD /api/server HTTP/1.1')))).toEqual(['200']);
  expect(statuses(await answersTo(head('GET /api/me HTTP/1.1')))).toEqual(['401']);
});

test('the body of a request that offers HTTP/2 is read whole, with a length and in chunks, in one packet and in several', async () => {
  place = await TestPlace.start();
  const [one, two, three] = [named('one'), named('two'), named('three')];
  expect(statuses(await answersTo(head('POST /api/register HTTP/1.1', posted(one)) + one))).toEqual(['201']);
  expect(
    statuses(await answersTo(head('POST /api/register HTTP/1.1', posted(two)), two.slice(0, 9), two.slice(9))),
  ).toEqual(['201']);
  const chunks = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
  const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
  const body = `${chunk(three.slice(0, 5))}${chunk(three.slice(5))}0\r\n\r\n`;
  expect(statuses(await answersTo(head('POST /api/register HTTP/1.1', chunks), body))).toEqual(['201']);
  const names = (await place.store.users([1, 2, 3])).map(({ name }) => name);
  expect(names).toEqual(['one', 'two', 'three']);
  expect(
    statuses(await answersTo(head('POST /api/register HTTP/1.1', { ...posted(one), expect: '100-continue' }), one)),
  ).toEqual(['100', '409']);
});

test('a transport request that offers HTTP/2 is served too, and a WebSocket named second in the offer is accepted', async () => {
  place = await TestPlace.start();
  const open = JSON.stringify({ t: 'open' });
  const answer = await answersTo(head('POST /everywire/open HTTP/1.1', posted(open)) + open);
  const plain = { ...posted(open), connection: 'close', upgrade: 'h2c' };
  const same = await answersTo(head('POST /everywire/open HTTP/1.1', plain) + open);
  expect(statuses(answer)).toEqual(statuses(same));
  expect(statuses(answer)).not.toEqual(['404']);
  const socket = {
    connection: 'Upgrade',
    upgrade: 'h2c, websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-protocol': 'everywire.2',
  };
  const asked = request(`${place.url}/everywire/websocket`, { headers: socket, agent: false }).end();
  const [, upgraded] = (await once(asked, 'upgrade')) as [unknown, Socket];
  upgraded.destroy();
  expect(
    statuses(await answersTo(head('GET /api/server HTTP/1.1', { connection: 'Upgrade', upgrade: 'websocket' }))),
  ).toEqual(['404']);
});

test('nothing after a request that offers HTTP/2 is read from its connection, so no request can be hidden there', async () => {
  place = await TestPlace.start({ wire: { limits: { pipelinedRequestsMax: 5 } } });
  const [one, two] = [named('one'), named('two')];
  const second = `POST /api/register HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${two.length}\r\n\r\n${two}`;
  expect(statuses(await answersTo(head('GET /api/server HTTP/1.1') + second))).toEqual(['200']);
  expect(statuses(await answersTo(head('GET /api/server HTTP/1.1'), second))).toEqual(['200']);
  expect(statuses(await answersTo(head('POST /api/register HTTP/1.1', posted(one)) + one + second))).toEqual(['201']);
  expect(
    statuses(
      await answersTo(
        `GET /api/server HTTP/1.1\r\nhost: localhost\r\n\r\n${head('GET /api/server HTTP/1.1')}${second}`,
      ),
    ),
  ).toEqual(['200', '200']);
  // Passwords are hashed one after another, so an account begun above would exist by now.
  await place.register('last');
  expect((await place.store.searchUsers('', null, 10)).map(({ name }) => name)).toEqual(['last', 'one']);
});

test('a body that is too long or not JSON is refused with an HTTP/2 offer as without, and the connection closes', async () => {
  place = await TestPlace.start();
  const long = 'x'.repeat(100_000);
  expect(statuses(await answersTo(head('POST /api/register HTTP/1.1', posted(long)) + long))).toEqual(['413']);
  expect(statuses(await answersTo(`${head('POST /api/register HTTP/1.1', posted('{'))}{`))).toEqual(['400']);
});
