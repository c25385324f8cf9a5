import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { connect as connectWebSocket } from '../node/websocket.js';
import { readPieces } from './stream-check.js';

it('the doctor cancels a stream that is far longer than requested', { timeout: 20_000 }, async () => {
  let closed = 0;
  const lines = ['x'.repeat(1000), '{"n":0,"at":0}\n'.repeat(100)];
  const server = createServer((request, response) => {
    request.resume();
    response.on('close', () => closed++);
    const line = lines.shift();
    const write = (): void => void (!response.destroyed && response.write(line, () => setImmediate(write)));
    write();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { signal } = new AbortController();
  const context = { url, signal, connectWebSocket, page: undefined, isOffline: () => false };
  try {
    for (const expected of [1, 2]) {
      // It could read for longer than this test may take.
      expect((await readPieces(context, [[0, 64]], 600_000)).whole).toBe(false);
      await expect.poll(() => closed, { timeout: 15_000 }).toBe(expected);
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
