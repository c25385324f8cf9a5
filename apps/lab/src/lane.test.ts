import { createServer, Server } from 'node:net';
import { expect, it, vi } from 'vitest';
import { Lane } from './lane.js';

it('the server of a lane is killed by two pages simultaneously', async () => {
  const lane = await Lane.start('websocket', () => undefined, [], 0, '127.0.0.1');
  await Promise.all([lane.happen('kill'), lane.happen('kill'), lane.happen('kill')]);
  expect((await fetch(`http://127.0.0.1:${lane.port}/`)).status).toBe(404);
  await lane.close();
});

it('a lane is killed and closed even if its server cannot restart at first', async () => {
  const lane = await Lane.start('websocket', () => undefined, [], 0, '127.0.0.1');
  const thief = createServer();
  const { listen } = Server.prototype;
  // Another server takes the port between the two servers.
  const spy = vi.spyOn(Server.prototype, 'listen').mockImplementationOnce(function (this: Server, ...given) {
    const [port] = given as unknown as [number];
    thief.listen(port, '127.0.0.1', () => listen.apply(this, given));
    return this;
  });
  try {
    await expect(lane.happen('kill')).rejects.toThrow('EADDRINUSE');
  } finally {
    spy.mockRestore();
  }
  await new Promise((done) => thief.close(done));
  await lane.happen('kill');
  expect((await fetch(`http://127.0.0.1:${lane.port}/`)).status).toBe(404);
  await lane.close();
});

it('the server of a lane is killed once for all pages that request it before the kill begins', async () => {
  const lane = await Lane.start('websocket', () => undefined, [], 0, '127.0.0.1');
  const spy = vi.spyOn(Server.prototype, 'listen');
  try {
    await Promise.all(Array.from({ length: 20 }, () => lane.happen('kill')));
    expect(spy.mock.calls.length).toBe(1);
  } finally {
    spy.mockRestore();
  }
  await lane.close();
});
