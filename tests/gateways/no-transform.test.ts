import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSocketIoGateway } from '@everywire/gateway-socketio';
import { createSockJsGateway } from '@everywire/gateway-sockjs';
import { createWireServer } from '@everywire/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerForms } from '../../packages/gateway-sockjs/src/carrier.js';
import { transports } from '../../packages/server/src/http/transports.js';
import { HandCounts, openByPost, post } from '../server/hand-client.js';

// Tests the header by which each answer asks intermediaries not to change it: a proxy, or a middleware of the
// application, that compresses a stream collects its bytes first (docs/guides/reverse-proxies.md).

const http = createServer();
const wire = createWireServer({
  jsonp: true,
  onSession: () => undefined,
  onRawLink: ({ topics }) => topics,
});
let base = '';

beforeAll(async () => {
  wire.attach(http);
  createSockJsGateway(wire, { path: '/sockjs', jsonp: true, onConnection: () => undefined });
  createSocketIoGateway(wire);
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await wire.close({ deadlineMs: 0 });
  http.closeAllConnections();
  await new Promise((done) => http.close(done));
});

const aborted = new AbortController();
afterAll(() => aborted.abort());
/** Returns the status and the `Cache-Control` of an answer, whose body may never end. */
async function headOf(path: string, method = 'GET', body?: string): Promise<[number, string | null]> {
  const init = { method, signal: aborted.signal, ...(body !== undefined && { body }) };
  const { status, headers } = await fetch(base + path, init);
  return [status, headers.get('cache-control')];
}

/** Opens a session, and returns the record with which a link joins it. */
async function attachRecord(): Promise<object> {
  const id = await openByPost(`${base}/everywire`);
  return { t: 'attach', id, n: 1, instance: 1, prompt: true, ...new HandCounts().block };
}

it.each(transports.filter(({ envelope }) => envelope === undefined).map(({ name }) => name))(
  '[TR-5.1] an answer of %s must not be transformed',
  async (name) => {
    const head = await headOf(`/everywire/${name}`, 'POST', JSON.stringify(await attachRecord()));
    expect(head).toEqual([200, 'no-store, no-transform']);
  },
);

it.each(transports.filter(({ byTicket }) => byTicket).map(({ name }) => name))(
  '[TR-5.1] an answer of %s to a ticket must not be transformed',
  async (name) => {
    const answer = await post(`${base}/everywire/ticket`, (await attachRecord()) as Record<string, unknown>);
    const { ticket } = (await answer.json()) as { ticket: string };
    const head = await headOf(`/everywire/${name}?ticket=${ticket}&cb=a&origin=${base}&prompt=true`);
    expect(head).toEqual([200, 'no-store, no-transform']);
  },
);

it('a raw event stream and a stream of the doctor must not be transformed', async () => {
  expect(await headOf('/everywire/raw-event-stream?topic=a')).toEqual([200, 'no-store, no-transform']);
  const examination = JSON.stringify({
    id: 'a',
    pieces: [
      [0, 64],
      [5_000, 64],
    ],
  });
  expect(await headOf('/everywire/doctor', 'POST', examination)).toEqual([200, 'no-store, no-transform']);
});

it.each(Object.entries(answerForms))(
  'an answer of the SockJS transport %s must not be transformed',
  async (name, form) => {
    const [status, cacheControl] = await headOf(`/sockjs/0/${name}/${name}?c=a`, form.method);
    expect([status, cacheControl?.split(', ')]).toEqual([200, expect.arrayContaining(['no-store', 'no-transform'])]);
  },
);

it('a poll of Socket.IO must not be transformed', async () => {
  const [status, cacheControl] = await headOf('/socket.io/?EIO=4&transport=polling');
  expect([status, cacheControl?.split(', ')]).toEqual([200, expect.arrayContaining(['no-store', 'no-transform'])]);
});
