import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SocketIoGateway } from '@everywire/gateway-socketio';
import { Server } from 'socket.io';
import { io as connect, type Socket } from 'socket.io-client';
import { expect, it } from 'vitest';
import { heard, SocketIoServer } from './socketio-server.js';

/**
 * An application written for Socket.IO: a chat with names, rooms and private messages. It runs on Socket.IO's own
 * server and on the gateway, and its clients record what they receive.
 */
function serveChat(io: SocketIoGateway): void {
  io.use((socket, next) => {
    const { name } = socket.handshake.auth;
    socket.data['name'] = name;
    next(name === 'unnamed' ? new Error('a name is needed') : undefined);
  });
  io.on('connection', (socket) => {
    const name = String(socket.data['name']);
    socket.use(([event], next) => next(event === 'forbidden' ? new Error('not that') : undefined));
    socket.on('error', (error: Error) => socket.emit('refused', error.message));
    socket.onAny((event, ...values) => {
      if (event === 'count') socket.data['counted'] = values.length;
    });
    socket.on('join', async (rooms: string[], joined: (names: unknown[]) => void) => {
      await socket.join(rooms);
      socket.to(rooms).emit('joined', name);
      const others = await io.in(rooms).except(socket.id).fetchSockets();
      joined(others.map(({ data }) => data['name']).toSorted());
    });
    socket.on('leave', (room: string) => socket.leave(room));
    socket.on('say', (rooms: string[], text: unknown) => io.to(rooms).emit('said', name, text));
    socket.on('but', (room: string, text: unknown) => socket.broadcast.except(room).emit('said but', name, text));
    socket.on('whisper', async (to: string, text: string, reply: (found: boolean) => void) => {
      const recipient = [...io.sockets.sockets.values()].find(({ data }) => data['name'] === to);
      if (recipient !== undefined) socket.to(recipient.id).emit('whispered', name, text);
      reply(recipient !== undefined);
    });
    socket.on('ask', async (room: string, asked: (answers: unknown) => void) => {
      const answers = await io.in(room).timeout(15_000).emitWithAck('who');
      asked([...answers].toSorted());
    });
    socket.on('hurry', (room: string, asked: (...answer: unknown[]) => void) => {
      io.in(room)
        .timeout(150)
        .emit('silence', (error: Error | null, answers: unknown[]) => asked(error?.message, answers));
    });
    socket.on('count', (...values: unknown[]) => {
      const done = values.pop() as (...all: unknown[]) => void;
      done(values.length, socket.data['counted'], socket.rooms.size);
    });
    socket.on('gather', (from: string, to: string) => {
      io.in(from).socketsJoin(to);
      io.in(to).socketsLeave(from);
      io.to(to).emit('gathered', to);
    });
    socket.on('close', (room: string) => io.in(room).disconnectSockets());
    socket.on('disconnecting', () => socket.to([...socket.rooms]).emit('leaving', name));
  });
  io.of('/news').on('connection', (socket) => socket.emit('hello', socket.rooms.size));
}

/** A running server. */
interface Served {
  readonly url: string;
  close(): Promise<unknown>;
}

const servers: Readonly<Record<string, () => Promise<Served>>> = {
  'Socket.IO': async () => {
    const http = createServer();
    const io = new Server(http);
    serveChat(io as unknown as SocketIoGateway);
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, close: () => io.close() };
  },
  'the gateway': async () => {
    const server = await new SocketIoServer().listen();
    serveChat(server.io);
    return server;
  },
};

/** The events and answers that each client receives, in order. */
class Transcript {
  readonly lines: Record<string, string[]> = {};
  readonly #url: string;
  readonly #transport: string;
  readonly #clients: Socket[] = [];

  constructor(url: string, transport: string) {
    this.#url = url;
    this.#transport = transport;
  }

  /** Records a line for a client. */
  note(name: string, ...line: unknown[]): void {
    this.lines[name] ??= [];
    this.lines[name].push(JSON.stringify(line));
  }

  /** Connects a client of this name, and records all its events. */
  async client(name: string, namespace = '/'): Promise<Socket> {
    const options = { auth: { name }, transports: [this.#transport], reconnection: false, forceNew: true };
    const client = connect(this.#url + namespace, options);
    this.#clients.push(client);
    client.onAny((event, ...values) => {
      const answer = typeof values.at(-1) === 'function' ? values.pop() : () => undefined;
      this.note(name, event, ...values);
      if (event === 'who' || name === 'Ann') answer(name);
    });
    client.on('disconnect', (reason) => this.note(name, 'gone', reason));
    client.on('connect_error', (error) => this.note(name, 'refused', error.message));
    await Promise.race([heard(client, 'connect'), heard(client, 'connect_error')]);
    return client;
  }

  /** Sends an event and records its answer. */
  async ask(client: Socket, ...[event = '', ...values]: unknown[]): Promise<void> {
    const { name } = client.auth as { readonly name: string };
    const answer = await new Promise((done) => client.emit(String(event), ...values, (...all: unknown[]) => done(all)));
    this.note(name, 'answer', event, answer);
  }

  /** Waits until a client has received `count` events of this name. */
  has(name: string, count: number, event: string): Promise<void> {
    const lines = () => (this.lines[name] ?? []).filter((line) => line.startsWith(`["${event}"`)).length;
    return expect.poll(lines, { timeout: 20_000, interval: 10 }).toBe(count);
  }

  close(): void {
    for (const client of this.#clients) client.disconnect();
  }
}

/** Lets the clients use the whole application. */
async function talk(transcript: Transcript): Promise<void> {
  const ann = await transcript.client('Ann');
  const bob = await transcript.client('Bob');
  const eve = await transcript.client('Eve');
  await transcript.client('unnamed');
  await transcript.client('reader', '/news');
  await transcript.has('reader', 1, 'hello');
  await transcript.ask(ann, 'join', ['blue', 'green']);
  await transcript.ask(bob, 'join', ['green']);
  await transcript.ask(eve, 'join', ['red', 'blue']);
  // A client in several rooms receives an event to all of them once.
  ann.emit('say', ['blue', 'green'], { text: 'to two', picture: [1.5, null, 'é'] });
  for (const name of ['Ann', 'Bob', 'Eve']) await transcript.has(name, 1, 'said');
  bob.emit('but', 'red', 'not to red');
  await transcript.has('Ann', 1, 'said but');
  await transcript.ask(eve, 'whisper', 'Bob', 'psst');
  await transcript.ask(eve, 'whisper', 'unnamed', 'psst');
  await transcript.has('Bob', 1, 'whispered');
  await transcript.ask(ann, 'ask', 'green');
  await transcript.ask(ann, 'hurry', 'green');
  await transcript.ask(ann, 'hurry', 'nowhere');
  await transcript.ask(eve, 'count', 1, [2], { three: 3 });
  eve.emit('forbidden');
  await transcript.has('Eve', 1, 'refused');
  bob.emit('leave', 'green');
  ann.emit('gather', 'blue', 'white');
  for (const name of ['Ann', 'Eve']) await transcript.has(name, 1, 'gathered');
  await transcript.ask(eve, 'count');
  ann.emit('say', ['blue', 'green', 'white', 'red'], 'where we are');
  for (const name of ['Ann', 'Eve']) await transcript.has(name, 2, 'said');
  eve.disconnect();
  await transcript.has('Ann', 1, 'leaving');
  bob.emit('close', 'white');
  await transcript.has('Ann', 1, 'gone');
  await transcript.ask(bob, 'count');
}

it.each(['websocket', 'polling'])('a Socket.IO application runs unchanged over %s', async (transport) => {
  const all: Record<string, unknown> = {};
  for (const [name, serve] of Object.entries(servers)) {
    const server = await serve();
    const transcript = new Transcript(server.url, transport);
    try {
      await talk(transcript);
    } finally {
      transcript.close();
      await server.close();
    }
    all[name] = transcript.lines;
  }
  expect(all['the gateway']).toEqual(all['Socket.IO']);
  expect(all['Socket.IO']).toMatchObject({ unnamed: ['["refused","a name is needed"]'] });
});
