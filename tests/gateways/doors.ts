import { randomUUID } from 'node:crypto';
import { createSocketIoGateway } from '@everywire/gateway-socketio';
import { createSockJsGateway } from '@everywire/gateway-sockjs';
import type { WireServerOptions } from '@everywire/server';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type Listening, listen } from '../server/hand-client.js';

// One client for each way into a server (a door), so that one test can check the same property at all of them.

/** A client at one of the doors. */
interface DoorClient {
  /** The status of a refused request; 0 if none was refused. */
  status: number;
  /** Whether the server has admitted the client. */
  isIn: boolean;
  /** Whether the server has refused or ended the client. */
  isOut: boolean;
  /** The received messages. */
  readonly got: string[];
  /** Sends a message; absent for a client that only listens. */
  send?(text: string): Promise<void>;
  leave(): void;
}

/** Begins a client with this token, at this address. Resolves when the request was sent. */
type Door = (server: Listening, token: string, address?: string) => Promise<DoorClient>;

/** A server with all doors. Each admitted client is in the topic `news`; `handled` gets the messages of all clients. */
export async function openDoors(
  options: Partial<WireServerOptions> = {},
  enter: () => Promise<void> = async () => undefined,
): Promise<{ readonly server: Listening; readonly handled: string[] }> {
  const handled: string[] = [];
  const handle = (data: unknown): void => void handled.push(String(data));
  const server = await listen({
    trustedProxies: ['127.0.0.1'],
    onSession: (session) => {
      session.join('news');
      session.onMessage = handle;
    },
    onRawLink: async ({ topics }) => {
      await enter();
      return topics;
    },
    onRawMessage: (_link, data) => handle(data),
    ...options,
  });
  onTestFinished(() => server.end());
  createSockJsGateway(server.wire, {
    path: '/sockjs',
    onConnection: (connection) => {
      connection.join('news');
      connection.onMessage = handle;
    },
  });
  const io = createSocketIoGateway(server.wire);
  io.use((_socket, next) => void enter().then(() => next()));
  io.on('connection', (socket) => {
    socket.join('news');
    socket.on('message', handle);
  });
  return { server, handled };
}

function headersOf(token: string, address: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'x-forwarded-for': address };
}

function createClient(leave: () => void): DoorClient {
  const client: DoorClient = { status: 0, isIn: false, isOut: false, got: [], leave };
  onTestFinished(() => leave());
  return client;
}

/** Begins a client over a WebSocket. `onText` handles what arrives. */
async function overWebSocket(
  url: string,
  headers: Record<string, string>,
  protocols: readonly string[],
  onText: (client: DoorClient, text: string, socket: WebSocket) => void,
): Promise<{ readonly client: DoorClient; readonly socket: WebSocket }> {
  const socket = new WebSocket(url.replace('http', 'ws'), [...protocols], { headers });
  const client = createClient(() => socket.terminate());
  socket.on('message', (data) => onText(client, String(data), socket));
  socket.on('error', () => undefined);
  socket.on('close', () => {
    client.isOut = true;
  });
  await new Promise<void>((resolve) => {
    socket.on('open', resolve);
    socket.on('unexpected-response', (_request, { statusCode }) => {
      client.status = statusCode ?? 0;
      client.isOut = true;
      resolve();
    });
  });
  return { client, socket };
}

/** Begins a client over a streaming response. `onText` gets the whole text so far. */
async function overStream(
  url: string,
  init: RequestInit,
  onText: (client: DoorClient, text: string) => void,
): Promise<DoorClient> {
  const abort = new AbortController();
  const client = createClient(() => abort.abort());
  const read = async (): Promise<void> => {
    const response = await fetch(url, { ...init, signal: abort.signal });
    if (response.status !== 200) client.status = response.status;
    let text = '';
    for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      text += Buffer.from(piece).toString();
      if (client.status === 0) onText(client, text);
    }
  };
  read()
    .catch(() => undefined)
    .then(() => {
      client.isOut = true;
    });
  return client;
}

const session: Door = async (server, token, address = '192.0.2.1') => {
  const url = `${server.base}/websocket`;
  const headers = headersOf(token, address);
  const { client, socket } = await overWebSocket(url, headers, ['everywire.2'], (self, text, from) => {
    if (!text.startsWith('\0')) {
      self.got.push(text);
      return;
    }
    const record = JSON.parse(text.slice(1)) as { readonly t: string; readonly id: string };
    const counts = { ack: 0, received: 0, seen: 0, sent: 0, sum: 0 };
    if (record.t === 'refused' || record.t === 'closed') self.isOut = true;
    if (record.t === 'opened')
      from.send(`\0${JSON.stringify({ t: 'attach', id: record.id, n: 1, instance: 1, ...counts })}`);
    if (record.t !== 'attached') return;
    from.send('\0{"t":"from","first":1}');
    self.isIn = true;
  });
  if (!client.isOut) socket.send(`\0${JSON.stringify({ t: 'open', version: 2, nonce: randomUUID() })}`);
  return Object.assign(client, { send: async (text: string) => socket.send(text) });
};

const rawSocket: Door = async (server, token, address = '192.0.2.1') => {
  const url = `${server.base}/raw-websocket?topic=news`;
  const { client, socket } = await overWebSocket(url, headersOf(token, address), [], (self, text) => {
    self.got.push(text);
  });
  // The protocol has no greeting.
  const isIn = (): boolean => server.wire.rawLinks(({ subject }) => subject === token).length > 0;
  Object.defineProperty(client, 'isIn', { get: isIn });
  return Object.assign(client, { send: async (text: string) => socket.send(text) });
};

const rawStream: Door = (server, token, address = '192.0.2.1') =>
  overStream(`${server.base}/raw-event-stream?topic=news`, { headers: headersOf(token, address) }, (client, text) => {
    if (text.includes('\nid: ')) client.isIn = true;
    client.got.splice(
      0,
      Number.POSITIVE_INFINITY,
      ...[...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => data as string),
    );
  });

/** Reads the frames of SockJS. */
function onFrame(client: DoorClient, frame: string): void {
  if (frame === 'o') client.isIn = true;
  else if (frame.startsWith('c')) client.isOut = true;
  else if (frame.startsWith('a')) client.got.push(...(JSON.parse(frame.slice(1)) as string[]));
}

const sockJsSocket: Door = async (server, token, address = '192.0.2.1') => {
  const url = `http://127.0.0.1:${server.port}/sockjs/000/${randomUUID()}/websocket`;
  const { client, socket } = await overWebSocket(url, headersOf(token, address), [], onFrame);
  return Object.assign(client, { send: async (text: string) => socket.send(JSON.stringify([text])) });
};

const sockJsHttp: Door = async (server, token, address = '192.0.2.1') => {
  const url = `http://127.0.0.1:${server.port}/sockjs/000/${randomUUID()}`;
  const init = { method: 'POST', headers: headersOf(token, address) };
  let read = 0;
  const client = await overStream(`${url}/xhr_streaming`, init, (self, text) => {
    const frames = text.split('\n').slice(0, -1);
    for (; read < frames.length; read++) onFrame(self, frames[read] as string);
  });
  const send = async (text: string): Promise<void> => {
    await fetch(`${url}/xhr_send`, { ...init, body: JSON.stringify([text]) });
  };
  return Object.assign(client, { send });
};

const socketIo: Door = async (server, token, address = '192.0.2.1') => {
  const url = `http://127.0.0.1:${server.port}/socket.io/?EIO=4&transport=websocket`;
  const { client, socket } = await overWebSocket(url, headersOf(token, address), [], (self, text) => {
    if (text.startsWith('40')) self.isIn = true;
    else if (text.startsWith('44') || text.startsWith('41')) self.isOut = true;
    else if (text.startsWith('42')) self.got.push((JSON.parse(text.slice(2)) as string[])[1] as string);
  });
  if (!client.isOut) socket.send(`40${JSON.stringify({ token })}`);
  return Object.assign(client, { send: async (text: string) => socket.send(`42${JSON.stringify(['message', text])}`) });
};

/** All doors by name. */
export const doors = { session, rawSocket, rawStream, sockJsSocket, sockJsHttp, socketIo };
