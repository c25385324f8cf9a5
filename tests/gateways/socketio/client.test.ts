// Longer than 300 lines, because its tests share one server and the clients of the published library.
import { createWireClient } from '@everywire/client';
import type { SocketIoSocket } from '@everywire/gateway-socketio';
import { afterEach, describe, expect, it } from 'vitest';
import { SocketIoServer, heard as waitFor } from './socketio-server.js';

// Tests the Socket.IO gateway with the published library `socket.io-client` in Node.

let server: SocketIoServer;
afterEach(() => server.close());

const bytes = Uint8Array.of(0, 1, 255);
const connected = (client: Parameters<typeof waitFor>[0]) => waitFor(client, 'connect');

describe('a chat of rooms and acknowledgements', () => {
  it.each([['polling'], ['websocket'], ['polling', 'websocket']])(
    'a client exchanges messages over %s and %s',
    async (...names) => {
      const transports = names.filter((name) => name !== undefined) as ('polling' | 'websocket')[];
      server = await new SocketIoServer().listen();
      server.io.on('connection', (socket) => {
        socket.on('join', (name: string, room: string, joined: (count: number) => void) => {
          socket.data['name'] = name;
          socket.join(room);
          socket.to(room).emit('joined', name);
          joined(socket.rooms.size);
        });
        socket.on('say', (room: string, text: unknown) => server.io.to(room).emit('said', socket.data['name'], text));
        socket.on('echo', (...values: unknown[]) => (values.pop() as (...all: unknown[]) => void)(...values));
      });
      const [ann, bob] = [server.client({ transports }), server.client({ transports })];
      const said: unknown[] = [];
      ann.on('said', (...values) => said.push(values));
      ann.on('joined', (name) => said.push(name));
      expect(await ann.emitWithAck('join', 'Ann', 'lobby')).toBe(2);
      await bob.timeout(20_000).emitWithAck('join', 'Bob', 'lobby');
      if (transports.length === 2) await expect.poll(() => ann.io.engine.transport.name).toBe('websocket');
      for (let number = 0; number < 50; number++) bob.emit('say', 'lobby', `消息 ${number} \u2028\x1e`);
      bob.emit('say', 'lobby', { picture: bytes, at: [1, { more: bytes }] });
      await expect.poll(() => said.length, { timeout: 20_000 }).toBe(52);
      expect(said.slice(0, 3)).toEqual(['Bob', ['Bob', '消息 0 \u2028\x1e'], ['Bob', '消息 1 \u2028\x1e']]);
      const [, picture] = said[51] as [string, { picture: Uint8Array; at: unknown[] }];
      expect(Uint8Array.from(picture.picture)).toEqual(bytes);
      const echo = await bob.emitWithAck('echo', { deep: [bytes] });
      expect(Uint8Array.from(echo.deep[0])).toEqual(bytes);
    },
  );

  it('an event reaches Socket.IO clients and Everywire clients in the same room', async () => {
    server = new SocketIoServer(
      {},
      {
        onSession: (session) => {
          session.join('lobby');
          session.onMessage = (data) => server.wire.publish('lobby', data, { except: session });
        },
      },
    );
    await server.listen();
    server.io.on('connection', (socket) => {
      socket.join('lobby');
      socket.on('say', (...values: unknown[]) => socket.to('lobby').emit('said', ...values));
    });
    const [ann, bob] = [server.client(), server.client()];
    const heard: unknown[] = [];
    ann.onAny((...values) => heard.push(values));
    await Promise.all([connected(ann), connected(bob)]);
    const wire = createWireClient(`${server.url}/everywire`);
    const texts: unknown[] = [];
    wire.onmessage = ({ data }) => texts.push(data);
    await wire.send('["said","by a session"]', { until: 'server' });
    await wire.send('a text', { until: 'server' });
    await wire.send('["connect"]', { until: 'server' });
    await wire.send('["said",{"_base64":"AAH/"},{"_placeholder":true,"num":7}]', { until: 'server' });
    await wire.send(bytes, { until: 'server' });
    bob.emit('say', 'hello', bytes);
    await expect.poll(() => texts).toEqual(['["said","hello",{"_base64":"AAH/"}]']);
    await expect.poll(() => heard.length).toBe(6);
    const plain = JSON.parse(JSON.stringify(heard, (_key, value) => (value?.type === 'Buffer' ? value.data : value)));
    expect(plain).toEqual([
      ['said', 'by a session'],
      ['message', 'a text'],
      ['message', '["connect"]'],
      ['said', [0, 1, 255], { num: 7 }],
      ['message', [0, 1, 255]],
      ['said', 'hello', [0, 1, 255]],
    ]);
    wire.close();
  });
});

describe('a socket', () => {
  it('a socket gets the answer of its client, or a timeout error', async () => {
    server = await new SocketIoServer().listen();
    const answers: unknown[] = [];
    server.io.on('connection', async (socket) => {
      answers.push(await socket.emitWithAck('add', 1, 2));
      socket.emit('add', 3, 4, (sum: number) => answers.push(sum));
      answers.push(await socket.timeout(50).emitWithAck('silence').catch(String));
      socket.disconnect();
      answers.push(await socket.emitWithAck('add', 5, 6).catch(String));
    });
    const client = server.client();
    client.on('add', (one, other, sum) => sum(one + other));
    await new Promise((done) => client.on('disconnect', done));
    await expect
      .poll(() => answers)
      .toEqual([3, 7, 'Error: operation has timed out', 'Error: socket has been disconnected']);
  });

  it('an event reaches one socket by its id, the others by `broadcast`, all by the namespace', async () => {
    server = await new SocketIoServer().listen();
    const sockets: SocketIoSocket[] = [];
    server.io.on('connection', (socket) => sockets.push(socket));
    const clients = [server.client(), server.client({ transports: ['polling'] })];
    const heard: string[] = [];
    for (const [at, client] of clients.entries()) {
      client.onAny((event) => heard.push(`${at} ${event}`));
      await connected(client);
    }
    sockets[0]?.broadcast.emit('others');
    server.io.to(clients[0]?.id ?? '').emit('one');
    sockets[0]?.to(clients[1]?.id ?? '').emit('other');
    server.io.emit('all');
    server.io.volatile.emit('perhaps');
    await expect
      .poll(() => heard.toSorted())
      .toEqual([...['0 all', '0 one', '0 perhaps', '1 all', '1 other', '1 others', '1 perhaps']]);
  });

  it('a socket reports why it left its namespace or its connection', async () => {
    server = await new SocketIoServer().listen();
    const left: string[] = [];
    const note = (socket: SocketIoSocket): void => {
      socket.join('room');
      socket.on('disconnecting', () => left.push(`${socket.rooms.size} rooms`));
      socket.on('disconnect', (reason: string) => left.push(reason));
    };
    server.io.on('connection', note);
    server.io.of('/admin').on('connection', (socket) => {
      note(socket);
      socket.on('close', () => socket.disconnect(true));
    });
    const main = server.client();
    const admin = main.io.socket('/admin', {});
    admin.connect();
    await connected(main);
    main.disconnect();
    await expect.poll(() => left).toEqual(['2 rooms', 'client namespace disconnect']);
    const reason = new Promise((done) => admin.on('disconnect', done));
    admin.emit('close');
    expect(await reason).toBe('io server disconnect');
    expect(left.slice(2)).toEqual(['2 rooms', 'server namespace disconnect']);
    const cut = server.client();
    await connected(cut);
    cut.io.engine.close();
    await expect.poll(() => left.at(-1)).toBe('transport close');
  });
});

describe('namespaces', () => {
  it('namespaces keep rooms of the same name apart', async () => {
    server = await new SocketIoServer().listen();
    const heard: string[] = [];
    for (const name of ['/', '/admin']) server.io.of(name).on('connection', (socket) => socket.join('room'));
    const clients = ['/', '/admin'].map((name) => server.client({}, name));
    for (const [at, client] of clients.entries()) {
      client.on('x', () => heard.push(`${at} x`));
      client.on('end', () => heard.push(`${at} end`));
      await connected(client);
    }
    server.io.of('/admin').to('room').emit('x');
    for (const name of ['/', '/admin']) server.io.of(name).emit('end');
    await expect.poll(() => heard.toSorted()).toEqual(['0 end', '1 end', '1 x']);
  });

  it('a namespace refuses an unauthorized client with a message', async () => {
    server = await new SocketIoServer(
      {},
      { authenticate: ({ token }) => (token === undefined ? null : { subject: token }) },
    ).listen();
    const admin = server.io.of('/admin').use((socket, next) => {
      const isAdmin = socket.claims.subject === 'ann';
      next(isAdmin ? undefined : Object.assign(new Error('no admin'), { data: { code: 7 } }));
    });
    server.io.of('/broken').use(() => {
      throw new Error('a secret');
    });
    const refusal = async (token: string | undefined, namespace: string) => {
      const client = server.client({ auth: token === undefined ? {} : { token } }, namespace);
      return new Promise((done) =>
        client.on('connect_error', ({ message, data }: Error & { data?: unknown }) => done([message, data])),
      );
    };
    expect(await refusal('ann', '/nowhere')).toEqual(['Invalid namespace', undefined]);
    expect(await refusal(undefined, '/admin')).toEqual(['unauthorized', undefined]);
    expect(await refusal('bob', '/admin')).toEqual(['no admin', { code: 7 }]);
    expect(await refusal('ann', '/broken')).toEqual(['disconnected', undefined]);
    const ann = server.client({ auth: { token: 'ann' } }, '/admin');
    await connected(ann);
    expect([...admin.sockets.values()].map(({ claims }) => claims.subject)).toEqual(['ann']);
    const gone = new Promise((done) => ann.on('disconnect', done));
    expect(server.wire.revoke(({ subject }) => subject === 'ann')).toBe(1);
    expect(await gone).toBe('io server disconnect');
  });
});

it('a client has no token if `tokenOf` throws', async () => {
  const tokenOf = ({ auth }: { auth: Readonly<Record<string, unknown>> }) => decodeURIComponent(String(auth['token']));
  server = await new SocketIoServer(
    { tokenOf },
    { authenticate: ({ token }) => (token === undefined ? null : { subject: token }) },
  ).listen();
  const { message } = (await waitFor(server.client({ auth: { token: '%' } }), 'connect_error')) as Error;
  expect([message, server.notices]).toEqual(['unauthorized', ['handler_failed']]);
  await connected(server.client({ auth: { token: 'ann' } }));
});

describe('a client that comes back', () => {
  const twice = async (transports: ('polling' | 'websocket')[], recovery = true) => {
    server = await new SocketIoServer(recovery ? { connectionStateRecovery: {} } : {}).listen();
    const sockets: SocketIoSocket[] = [];
    server.io.on('connection', (socket) => {
      if (!socket.recovered) socket.join('room');
      sockets.push(socket);
    });
    const client = server.client({ transports });
    const heard: unknown[] = [];
    client.on('x', (number) => heard.push(number));
    await connected(client);
    server.io.to('room').emit('x', 1);
    await expect.poll(() => heard).toEqual([1]);
    const gone = new Promise((done) => sockets[0]?.on('disconnect', done));
    const { id } = client;
    client.io.engine.close();
    await gone;
    server.io.to(['room', id ?? '', 'no room']).emit('x', 2);
    server.io.to(id ?? '').emit('x', 3);
    server.io.to('room').except('room').emit('x', 'not for it');
    await connected(client);
    server.io.to('room').emit('x', 4);
    return { client, heard, sockets, id };
  };

  it.each(['polling', 'websocket'] as const)(
    'a client that reconnects over %s receives missed events, and keeps its id and rooms',
    async (transport) => {
      const { client, heard, sockets, id } = await twice([transport]);
      await expect.poll(() => heard).toEqual([1, 2, 3, 4]);
      expect([client.recovered, client.id, sockets[1]?.recovered]).toEqual([true, id, true]);
      expect([...(sockets[1]?.rooms ?? [])].toSorted()).toEqual([id, 'room'].toSorted());
    },
  );

  it('a client that disconnects during recovery can still recover', async () => {
    let isWaiting = false;
    const letIn: (() => void)[] = [];
    const authenticate = async () => {
      if (isWaiting) await new Promise<void>((done) => letIn.push(done));
      return { subject: 'ann' };
    };
    server = await new SocketIoServer({ connectionStateRecovery: {} }, { authenticate }).listen();
    server.io.on('connection', (socket) => {
      socket.on('disconnect', () => server.io.to(socket.id).emit('x', 'meanwhile'));
    });
    const client = server.client({ transports: ['websocket'] });
    const heard: unknown[] = [];
    client.on('x', (text) => heard.push(text));
    await connected(client);
    server.io.emit('x', 'before');
    await expect.poll(() => heard).toEqual(['before']);
    isWaiting = true;
    for (const times of [1, 2]) {
      client.io.engine.close();
      await expect.poll(() => letIn.length).toBe(times);
    }
    isWaiting = false;
    for (const done of letIn) done();
    await connected(client);
    await expect.poll(() => heard).toEqual(['before', 'meanwhile']);
    expect(client.recovered).toBe(true);
  });

  it('a client starts a new session if the server does not support recovery', async () => {
    const { client, heard, id } = await twice(['websocket'], false);
    await expect.poll(() => heard.at(-1)).toBe(4);
    expect(heard).toEqual([1, 4]);
    expect([client.recovered, client.id === id]).toEqual([undefined, false]);
  });
});

it.each(['polling', 'websocket'])(
  'an event sent right before the server stops arrives before the disconnect: %s',
  async (transport) => {
    server = await new SocketIoServer().listen();
    const heard: unknown[] = [];
    const client = server.client({ transports: [transport], reconnection: false });
    client.on('farewell', (text) => heard.push(text));
    client.on('disconnect', (reason) => heard.push(reason));
    await waitFor(client, 'connect');
    server.io.emit('farewell', 'restarting');
    await server.wire.close({ deadlineMs: 20_000 });
    await expect.poll(() => heard).toEqual(['restarting', 'transport close']);
  },
);
