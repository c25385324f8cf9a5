import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { connect as connectWebSocket } from '../node/websocket.js';
import { checkConnections } from './connections-check.js';

// Tests a check of the doctor, the diagnosis of a network: whether the network passes a second request while a first
// one is still answered.

/** The parts of the doctor's endpoint that are needed here. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { id, pieces = [] } = JSON.parse(await text(request)) as { id: string; pieces?: readonly [number, number][] };
  for (const [n, [at]] of pieces.entries()) {
    await sleep(n === 0 ? 0 : at);
    response.write(`${JSON.stringify({ n, at })}\n`);
  }
  response.end(pieces.length === 0 ? JSON.stringify({ t: 'doctor', id, times: 1 }) : undefined);
}

it.each([
  ['detects a network that passes one request at a time', true, 'few_connections'],
  ['reports nothing for a network that passes all requests', false, undefined],
])('a doctor whose machine pauses at its first look %s', { timeout: 30_000 }, async (_what, oneAtATime, code) => {
  let previous: Promise<void> = Promise.resolve();
  const server = createServer((request, response) => {
    previous = (oneAtATime ? previous : Promise.resolve()).then(() => answer(request, response));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { signal } = new AbortController();
  const context = { url, signal, connectWebSocket, page: undefined, isOffline: () => false };
  // The stream has begun, and its last 100 ms remain when the request is sent.
  setTimeout(() => {
    for (const until = performance.now() + 800; performance.now() < until; );
  }, 100);
  try {
    expect((await checkConnections(context, 0))?.code).toBe(code);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
