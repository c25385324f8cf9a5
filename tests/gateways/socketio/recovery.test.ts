import type { SocketIoSocket } from '@everywire/gateway-socketio';
import { afterEach, expect, it } from 'vitest';
import { heard, SocketIoServer } from './socketio-server.js';

// Tests that a Socket.IO client whose access was ended does not recover its connection.

let server: SocketIoServer;
afterEach(() => server.close());

it.each<[string, (socket: SocketIoSocket) => unknown]>([
  ['that the server disconnected', (socket) => socket.disconnect()],
  ['whose connection the server closed', (socket) => socket.disconnect(true)],
  ['that was revoked', () => server.wire.revoke(() => true)],
])('a client %s does not recover, and hears nothing of what was sent meanwhile', async (_, end) => {
  server = await new SocketIoServer({ connectionStateRecovery: {} }).listen();
  const sockets: SocketIoSocket[] = [];
  server.io.on('connection', (socket) => {
    socket.join('room');
    sockets.push(socket);
  });
  const client = server.client({ transports: ['websocket'] });
  const got: unknown[] = [];
  client.on('x', (text) => got.push(text));
  await heard(client, 'connect');
  server.io.to('room').emit('x', 'before');
  await expect.poll(() => got).toEqual(['before']);
  const gone = heard(client, 'disconnect');
  end(sockets[0] as SocketIoSocket);
  await gone;
  server.io.to('room').emit('x', 'meanwhile');
  client.connect();
  await heard(client, 'connect');
  await expect.poll(() => sockets.length).toBe(2);
  server.io.to('room').emit('x', 'after');
  await expect.poll(() => got).toContain('after');
  expect([got, client.recovered]).toEqual([['before', 'after'], false]);
});
