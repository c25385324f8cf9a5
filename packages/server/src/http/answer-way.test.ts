import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { directWriter } from '../sockets/direct-socket-writer.js';
import { publicWriter, type SocketWriter } from '../sockets/socket-writer.js';

// Tests `SocketWriter.answer`, which sends a complete HTTP answer: `public` by Node's documented functions, and
// `direct` by Node's internal ones, which is faster. Both must behave alike.

let server: Server;
let peer: Socket;

afterEach(() => {
  peer.destroy();
  server.closeAllConnections();
  server.close();
});

/** Sends the requests verbatim. @returns what arrived until the connection ended, or until `whole` returns true */
async function ask(requests: string, whole: (text: string) => boolean): Promise<string> {
  peer = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let text = '';
  peer.setEncoding('latin1').write(requests);
  peer.on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = once(peer, 'close').then(() => true);
  while (!whole(text)) if (await Promise.race([ended, once(peer, 'data').then(() => false)])) break;
  return text;
}

/** Starts a server that answers each request. Returns the events of its responses, which are added as they occur. */
async function serve(way: SocketWriter, maxRequestsPerSocket = 0): Promise<string[]> {
  const events: string[] = [];
  server = createServer((request, response) => {
    response.on('finish', () => events.push(`finish ${request.url}`));
    response.on('close', () => events.push(`close ${request.url}`));
    request
      .resume()
      .on('end', () => way.answer(response, { 'content-type': 'text/plain' }, `body of ${request.url}\xe9`));
  });
  server.maxRequestsPerSocket = maxRequestsPerSocket;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return events;
}

const get = (path: string, headers = '', version = '1.1'): string =>
  `GET ${path} HTTP/${version}\r\nHost: here\r\n${headers}\r\n`;
const bodies = (text: string): readonly string[] => [...text.matchAll(/body of \/\w+\xe9/g)].map(([body]) => body);

const ways: [string, SocketWriter][] = [['public', publicWriter]];
if (directWriter !== null) ways.push(['direct', directWriter]);

describe.each(ways)('a complete answer by the %s way', (_, way) => {
  it('an answer has a length and keeps the connection for the next request', async () => {
    const events = await serve(way);
    const text = await ask(get('/one'), (so) => so.includes('/one'));
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text.toLowerCase()).toContain('\r\ncontent-length: 13\r\n');
    expect(text.toLowerCase()).toContain('\r\ncontent-type: text/plain\r\n');
    expect(text).toMatch(/\r\n(?:d|D)ate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n/);
    expect(text.toLowerCase()).toMatch(/\r\nconnection: keep-alive\r\nkeep-alive: timeout=\d+\r\n/);
    const again = once(peer, 'data');
    peer.write(get('/two'));
    expect(String(await again)).toContain('body of /two\xe9');
    await expect.poll(() => events).toEqual(['finish /one', 'close /one', 'finish /two', 'close /two']);
  });

  it('pipelined requests are answered in order', async () => {
    await serve(way);
    const text = await ask(get('/1') + get('/2') + get('/3'), (so) => so.includes('/3'));
    expect(bodies(text)).toEqual(['body of /1\xe9', 'body of /2\xe9', 'body of /3\xe9']);
  });

  it.each([
    ['HTTP/1.0', get('/old', '', '1.0'), 0],
    ['Connection: close', get('/last', 'Connection: close\r\n'), 0],
    ['the last request of a connection', get('/a') + get('/b'), 2],
  ])('the connection ends after %s', async (_what, requests, max) => {
    await serve(way, max);
    const text = await ask(requests, (so) => /connection: close[\s\S]*\xe9$/i.test(so));
    expect(bodies(text).length).toBe(max === 0 ? 1 : 2);
    expect(text.toLowerCase()).toContain('connection: close');
  });
});
