import { createWireClient } from '@everywire/client';
import type { SocketIoSocket } from '@everywire/gateway-socketio';
import type { Socket } from 'socket.io-client';
import { afterEach, describe, expect, it } from 'vitest';
import { SocketIoServer, heard as waitFor } from './socketio-server.js';

// Tests that errors of the application, and clients that exploit them, do not affect other clients of the Socket.IO gateway.

let server: SocketIoServer;
afterEach(() => server.close());

const connected = (client: Socket) => waitFor(client, 'connect');

/** Returns a growing list of the events of a client, names first. */
function noted(client: Socket): unknown[] {
  const heard: unknown[] = [];
  client.onAny((...values) => heard.push(values));
  return heard;
}

/** Sends packets of Engine.IO to a session by POST. Returns the status. */
async function post(sid: string, body: string): Promise<number> {
  const headers = { 'content-type': 'text/plain' };
  return (await fetch(`${server.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`, { method: 'POST', body, headers }))
    .status;
}

/** Opens a session of Engine.IO by polling and returns its id. */
async function begin(): Promise<string> {
  const answer = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`);
  return JSON.parse((await answer.text()).slice(1)).sid;
}

describe('a handler', () => {
  it.each([
    ['throws', () => undefined],
    ['disconnects', (socket: SocketIoSocket) => socket.disconnect(true)],
  ])('a handler of `disconnecting` that %s is called once', async (_what, then) => {
    server = await new SocketIoServer().listen();
    const calls: string[] = [];
    server.io.on('connection', (socket) => {
      socket.on('disconnecting', () => {
        calls.push('disconnecting');
        if (then(socket) === undefined) throw new Error('a secret');
      });
      socket.on('disconnect', (reason: string) => calls.push(reason));
    });
    const [one, other] = [server.client(), server.client()];
    await Promise.all([connected(one), connected(other)]);
    one.disconnect();
    await expect.poll(() => calls).toEqual(['disconnecting', 'client namespace disconnect']);
    expect(server.io.sockets.sockets.size).toBe(1);
  });

  it('a handler is called with its socket as `this`, and a middleware can join rooms', async () => {
    server = await new SocketIoServer().listen();
    server.io.use((socket, next) => {
      socket.join(['early', 7 as unknown as string]);
      next();
    });
    server.io.on('connection', (socket) => {
      const never = (): void => expect.fail('called');
      socket.once('b', never).off('b', never);
      socket.once('b', function (this: SocketIoSocket) {
        this.emit('reply', [...this.rooms].slice(1));
      });
    });
    const client = server.client();
    const heard = noted(client);
    for (const times of [1, 2]) client.emit('b', times);
    await expect.poll(() => heard).toEqual([['reply', ['early', '7']]]);
    server.io.to(7 as unknown as string).emit('number');
    await expect.poll(() => heard.at(-1)).toEqual(['number']);
  });

  it('a middleware can refuse with data that JSON cannot encode', async () => {
    server = await new SocketIoServer().listen();
    server.io.use((_socket, next) => next(Object.assign(new Error('no'), { data: 1n })));
    const error = (await waitFor(server.client(), 'connect_error')) as Error & { data?: unknown };
    expect([error.message, error.data, server.notices]).toEqual(['no', undefined, ['handler_failed']]);
  });

  it('a socket that does not answer does not block the answers of others', async () => {
    server = await new SocketIoServer().listen();
    const clients = [server.client(), server.client(), server.client()];
    for (const client of clients) {
      client.on('who', (answer) => answer(1));
      await connected(client);
    }
    const owing = [...server.io.sockets.sockets.values()][1] as SocketIoSocket;
    for (let times = 0; times < 1_100; times++) expect(() => owing.emit('q', 1n, () => undefined)).toThrow(TypeError);
    for (let times = 0; times < 1_000; times++) owing.emit('q', () => undefined);
    expect(() => owing.emit('q', () => undefined)).toThrow(RangeError);
    expect(() => server.io.emit('who', 1n, () => undefined)).toThrow(TypeError);
    expect(() => server.io.timeout(Number.NaN)).toThrow(RangeError);
    const failure = await server.io.emitWithAck('who').catch((error) => error);
    expect(failure.responses).toEqual([1, 1]);
    server.io.except(owing.id).emit('who', () => {
      throw new Error('a secret');
    });
    await expect.poll(() => server.notices).toContain('handler_failed');
    expect(server.io.sockets.sockets.size).toBe(3);
  });
});

describe('a room', () => {
  it('an invalid room name has no effect, and gives no access to another namespace', async () => {
    server = await new SocketIoServer().listen();
    server.io.of('/admin').on('connection', (socket) => socket.join('staff'));
    server.io.on('connection', (socket) => {
      socket.on('say', (rooms: string[], text: string) => server.io.to(rooms).emit('said', text));
    });
    const [admin, client] = [server.client({}, '/admin'), server.client()];
    const heard = noted(admin);
    await Promise.all([connected(admin), connected(client)]);
    const own = noted(client);
    client.emit('say', ['socket.io:/admin', 'socket.io:/admin#staff', 'x'.repeat(1_000), '', client.id], 'hello');
    await expect.poll(() => own).toEqual([['said', 'hello']]);
    server.io.of('/admin').to('staff').emit('end');
    await expect.poll(() => heard).toEqual([['end']]);
    expect(() => server.io.of('/admin#staff')).toThrow(TypeError);
  });

  it('a room receives its events in order when one of its sockets is closed meanwhile', async () => {
    server = await new SocketIoServer(
      { connectionStateRecovery: {} },
      { limits: { rawWaitingBytesMax: 20_000, historyBytesMax: 10_000 } },
    ).listen();
    server.io.on('connection', (socket) => {
      socket.join('room');
      socket.on('disconnect', () => server.io.to('room').emit('left'));
    });
    await post(await begin(), '40');
    await expect.poll(() => server.io.sockets.sockets.size).toBe(1);
    const client = server.client({ transports: ['websocket'] });
    const heard: unknown[] = [];
    client.onAny((event, value) => heard.push(event === 'text' ? value.length : event));
    await connected(client);
    for (const length of [9_001, 9_002, 9_003]) {
      server.io.to('room').emit('text', 'x'.repeat(length));
      await expect.poll(() => heard).toContain(length);
    }
    await expect.poll(() => heard).toEqual([9_001, 9_002, 9_003, 'left']);
  });

  it('a room with recovery receives deeply nested publications of a session', async () => {
    server = new SocketIoServer(
      { connectionStateRecovery: {} },
      { onSession: (session) => (session.onMessage = (text) => server.wire.publish('lobby', text)) },
    );
    await server.listen();
    server.io.on('connection', (socket) => socket.join('lobby'));
    const client = server.client();
    const heard = noted(client);
    await connected(client);
    const wire = createWireClient(`${server.url}/everywire`);
    const deep = `["deep",${'['.repeat(70)}${']'.repeat(70)}] `;
    await wire.send(deep, { until: 'server' });
    await wire.send('["plain"]', { until: 'server' });
    // The last value is the client's offset for recovery.
    const offset = expect.any(String);
    await expect
      .poll(() => heard)
      .toEqual([
        [...JSON.parse(deep), offset],
        ['plain', offset],
      ]);
    wire.close();
  });
});

describe('a client', () => {
  it('a client that enters and leaves repeatedly causes a limited number of authentications', async () => {
    let asked = 0;
    const authenticate = async () => {
      asked += 1;
      if (asked <= 16) await new Promise(() => undefined);
      return { subject: 'ann' };
    };
    server = await new SocketIoServer({}, { authenticate }).listen();
    expect(await post(await begin(), Array(100).fill('40\x1e41').join('\x1e'))).toBe(200);
    expect(asked).toBe(16);
    await connected(server.client());
  });

  it('a client that is not authenticated yet is not passed to `revoke`', async () => {
    let isAsked = false;
    const authenticate = async ({ token }: { token: string | undefined }) => {
      isAsked = token === undefined;
      return isAsked ? new Promise<never>(() => undefined) : { subject: token ?? '' };
    };
    server = await new SocketIoServer({}, { authenticate }).listen();
    const ann = server.client({ auth: { token: 'ann' } });
    await connected(ann);
    server.client();
    await expect.poll(() => isAsked).toBe(true);
    const asked: string[] = [];
    expect(server.wire.revoke(({ subject }) => asked.push(subject) > 0)).toBe(1);
    expect(asked).toEqual(['ann']);
  });

  it('a client that was refused as `busy` can connect later', async () => {
    let letIn: () => void = () => undefined;
    const authenticate = async () => {
      await new Promise<void>((done) => {
        letIn = done;
      });
      return { subject: 'ann' };
    };
    server = await new SocketIoServer({}, { authenticate, limits: { authenticationsMax: 1 } }).listen();
    server.io.of('/b');
    const main = server.client();
    const other = main.io.socket('/b');
    expect(await waitFor(other, 'connect_error')).toMatchObject({ message: 'busy' });
    letIn();
    await connected(main);
    other.connect();
    await expect
      .poll(() => {
        letIn();
        return other.connected;
      })
      .toBe(true);
    expect(main.connected).toBe(true);
  });

  it.each([
    ['bytes', Buffer.alloc(40_000), 11],
    ['texts', 'x'.repeat(65_000), 8],
  ])('a polling client recovers as much history as is kept, in %s', async (_what, value, count) => {
    server = await new SocketIoServer({ connectionStateRecovery: {} }).listen();
    server.io.on('connection', (socket) => {
      socket.on('disconnect', () => {
        if (!socket.recovered) for (let times = 0; times < count; times++) server.io.emit('x', value);
      });
    });
    const client = server.client({ transports: ['polling'] });
    const heard: unknown[] = [];
    client.on('x', (data) => heard.push(data.length ?? data.byteLength));
    await connected(client);
    server.io.emit('x', '');
    await expect.poll(() => heard.length).toBe(1);
    client.io.engine.close();
    await expect.poll(() => heard.length).toBe(count + 1);
    expect(client.recovered).toBe(true);
  });

  it('a disconnected client does not count against the limit of links', async () => {
    server = await new SocketIoServer({ connectionStateRecovery: {} }, { limits: { rawLinksMax: 4 } }).listen();
    for (let times = 0; times < 6; times++) {
      const client = server.client({ transports: ['websocket'], reconnection: false });
      await connected(client);
      client.io.engine.close();
      await expect.poll(() => server.io.sockets.sockets.size).toBe(0);
    }
    const clients = [server.client(), server.client()];
    await Promise.all(clients.map(connected));
    expect(server.wire.revoke(() => true)).toBe(8);
  });
});
