import type { SocketIoGatewayOptions, SocketIoSocket } from '@everywire/gateway-socketio';
import type { SockJsConnection, SockJsGatewayOptions } from '@everywire/gateway-sockjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import {
  type CasePerFunction,
  type CasePerHandler,
  type Failing,
  failOnUncaught,
  waysToFail,
} from '../failing-functions.js';
import { SocketIoServer } from './socketio/socketio-server.js';
import { SockJsServer } from './sockjs/sockjs-server.js';

// The functions of an application at the gateways, as `tests/server/failing-functions.test.ts` for the server.

failOnUncaught();

/** Calls the failing function, and returns the notices that must report it. */
type Case = (fail: Failing) => Promise<readonly string[]>;

async function sockJs(options: Partial<SockJsGatewayOptions>): Promise<readonly string[]> {
  const server = await new SockJsServer().serve('/echo', options).listen();
  onTestFinished(() => server.close());
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/echo/000/some/websocket`);
  socket.on('open', () => socket.send('["x"]'));
  onTestFinished(() => socket.terminate());
  return server.notices;
}

const sockJsOptions: CasePerFunction<SockJsGatewayOptions, Case> = {
  onConnection: (onConnection) => sockJs({ onConnection }),
  tokenOf: (tokenOf) => sockJs({ tokenOf }),
};

const connection = (set: (connection: SockJsConnection, fail: Failing) => void) => (fail: Failing) =>
  sockJs({ onConnection: (one) => set(one, fail) });

const sockJsHandlers: CasePerHandler<SockJsConnection, Case> = {
  onMessage: connection((one, fail) => {
    one.onMessage = fail;
  }),
  onClose: connection((one, fail) => {
    one.onClose = fail;
    one.onMessage = () => one.close();
  }),
};

async function socketIo(
  set: (server: SocketIoServer) => void,
  options: SocketIoGatewayOptions = {},
): Promise<readonly string[]> {
  const server = await new SocketIoServer(options).listen();
  onTestFinished(() => server.close());
  set(server);
  const client = server.client({ transports: ['websocket'], reconnection: false });
  client.on('asked', (answer: (text: string) => void) => answer('a'));
  client.emit('x', 'y');
  return server.notices;
}

const socketIoOptions: CasePerFunction<SocketIoGatewayOptions, Case> = {
  tokenOf: (tokenOf) => socketIo(() => undefined, { tokenOf }),
};

const socket = (set: (socket: SocketIoSocket, fail: Failing) => unknown) => (fail: Failing) =>
  socketIo(({ io }) => io.on('connection', (one) => void set(one, fail)));

const socketIoCalls: Readonly<Record<string, Case>> = {
  use: (fail) => socketIo(({ io }) => io.use(fail)),
  connection: (fail) => socketIo(({ io }) => io.on('connection', fail)),
  'socket.on': socket((one, fail) => one.on('x', fail)),
  'socket.once': socket((one, fail) => one.once('x', fail)),
  'socket.onAny': socket((one, fail) => one.onAny(fail)),
  'socket.use': socket((one, fail) => one.use(fail)),
  error: socket((one, fail) => one.use((_, next) => next(new Error('x'))).on('error', fail)),
  disconnecting: socket((one, fail) => one.on('disconnecting', fail).disconnect()),
  disconnect: socket((one, fail) => one.on('disconnect', fail).disconnect(true)),
  'socket.emit, answered': socket((one, fail) => one.emit('asked', fail)),
  'socket.emit, unanswered': socket((one, fail) => one.timeout(1).emit('unheard', fail)),
  'socket.emit, disconnected': socket((one, fail) => one.disconnect().timeout(1).emit('asked', fail)),
  'broadcast, answered': (fail) =>
    socketIo(({ io }) => io.on('connection', () => void setImmediate(() => io.emit('asked', fail)))),
  'broadcast, to nobody': (fail) => socketIo(({ io }) => io.to('nobody').emit('asked', fail)),
};

const table = {
  'SockJS option': sockJsOptions,
  'SockJS handler': sockJsHandlers,
  'Socket.IO option': socketIoOptions,
  'Socket.IO': socketIoCalls,
};
const rows = Object.entries(table).flatMap(([kind, cases]) =>
  Object.entries(cases).map(([name, run]) => ({ function: `${kind} ${name}`, run: run as Case })),
);

describe.each(rows)('the $function', ({ run }) => {
  it.each(Object.entries(waysToFail))('a function at a gateway that fails is reported: %s', async (_, fail) => {
    const notices = await run(fail);
    await expect.poll(() => notices, { interval: 2 }).toContain('handler_failed');
  });
});

it('a middleware may reject a client with an error that cannot be read', async () => {
  const notices = await socketIo(({ io }) =>
    io.use((_, next) =>
      next(Object.defineProperty(new Error('x'), 'message', { get: waysToFail['throws'] as Failing })),
    ),
  );
  await expect.poll(() => notices).toContain('handler_failed');
});
