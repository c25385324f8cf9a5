import { createFaultProxy } from '@everywire/testkit';
import { startNats } from '@everywire/testkit/nats-server';
import { expect, onTestFinished, test } from 'vitest';
import { NatsCarrier } from './nats-carrier.js';

test('a connection that accepts no more data is closed and replaced, however much data is unwritten', async () => {
  const server = await startNats();
  onTestFinished(() => server.stop());
  const proxy = await createFaultProxy(server.port);
  onTestFinished(() => proxy.close());
  const contact: boolean[] = [];
  const carrier = await NatsCarrier.connect({
    servers: `nats://127.0.0.1:${proxy.port}`,
    onContact: (isThere) => contact.push(isThere),
  });
  onTestFinished(() => carrier.close());
  proxy.inject({ kind: 'hold' });
  // More than the socket buffers along the path hold.
  const frame = new Uint8Array(carrier.frameBytesMax);
  await expect(carrier.send(Array.from({ length: 500 }, () => frame))).rejects.toThrow('did not answer in time');
  await expect.poll(() => contact, { timeout: 10_000 }).toEqual([false, true]);
  await carrier.send([frame]);
});
