import { expect, it, onTestFinished } from 'vitest';
import { listen, post } from './hand-client.js';

it('[TR-50.9] one address cannot take all streams for doctors, and a finished stream gives its place back', async () => {
  const server = await listen({ trustedProxies: ['127.0.0.1'], limits: { doctorStreamsMax: 4 } });
  onTestFinished(() => server.end());
  const ask = (address: string, ms: number): Promise<Response> =>
    post(`${server.base}/doctor`, { id: 'a', pieces: [[ms, 64]] }, { 'x-forwarded-for': address });
  const streams = await Promise.all([1, 2, 3].map(() => ask('192.0.2.1', 60_000)));
  expect((await ask('192.0.2.1', 0)).status).toBe(503);
  expect((await ask('192.0.2.2', 0)).status).toBe(200);
  await streams[0]?.body?.cancel();
  await expect.poll(async () => (await ask('192.0.2.1', 0)).status).toBe(200);
});
