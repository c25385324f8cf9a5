import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { createWireServer } from '../create-wire-server.js';
import { ChunkReadQueue } from './chunk-read-queue.js';

// Tests `ChunkReadQueue`, in which connections with very many small chunks wait, so that no tick of the event loop
// becomes long.

it('fifty connections proceed in one tick of the event loop, those first that have waited longest', async () => {
  const queue = new ChunkReadQueue();
  const proceeded: number[] = [];
  for (let at = 0; at < 120; at += 1) queue.wait({ takeTurn: () => proceeded.push(at) });
  const counts: number[] = [];
  while (proceeded.length < 120) {
    await new Promise((resolve) => setImmediate(resolve));
    counts.push(proceeded.length);
  }
  expect(counts).toEqual([50, 100, 120]);
  expect(proceeded).toEqual(proceeded.toSorted((one, other) => one - other));
});

it('a tick of the event loop reads a hundred chunks of a body, even if its reader requests more immediately', async () => {
  const server = createServer();
  const wire = createWireServer({ authenticate: () => ({ subject: 'ann' }), onSession: () => undefined });
  wire.attach(server);
  const most = new Promise<number>((resolve) => {
    server.on('request', (request, response) => {
      let [inTurn, worst] = [0, 0];
      request.on('data', () => {
        if (inTurn === 0) setImmediate(() => (inTurn = 0));
        inTurn += 1;
        worst = Math.max(worst, inTurn);
      });
      request.on('end', () => {
        response.end();
        resolve(worst);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(
    `POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(20_000)}0\r\n\r\n`,
  );
  expect(await most).toBeLessThanOrEqual(200);
  socket.destroy();
  await wire.close();
  server.close();
});
