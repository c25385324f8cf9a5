import { randomUUID } from 'node:crypto';
import { createSocketIoGateway } from '@everywire/gateway-socketio';
import { createSockJsGateway, type SockJsGatewayOptions } from '@everywire/gateway-sockjs';
import type { WireServerOptions } from '@everywire/server';
import { onTestFinished } from 'vitest';
import { type Listening, listen } from '../server/hand-client.js';
import { type Door, type DoorClient, headersOf, overPolls, overStream, overWebSocket } from './door-carriers.js';

// One client for each way into a server (a door), so that one test can check the same property at all of them.

/** A server with all doors. Each admitted client is in the topic `news`; `handled` gets the messages of all clients. */
export async function openDoors(
  options: Partial<WireServerOptions> = {},
  enter: () => Promise<void> = async () => undefined,
  sockJs: Partial<SockJsGatewayOptions> = {},
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
    ...sockJs,
    onConnection: (connection) => {
      connection.join('news');
      connection.onMessage = handle;
    },
  });
  const io = createSocketIoGateway(server.wire, { connectionStateRecovery: {} });
  io.use((_socket, next) => void enter().then(() => next()));
  io.on('connection', (socket) => {
    socket.join('news');
    socket.on('message', handle);
  });
  return { server, handled };
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

/** Reads the text of an event stream so far. */
export function onStreamText(client: DoorClient, text: string): void {
  if (text.includes('\nid: ')) client.isIn = true;
  const data = [...text.matchAll(/^data: (.*)$/gm)].map(([, line]) => line as string);
  client.got.splice(0, Number.POSITIVE_INFINITY, ...data);
}

const rawStream: Door = (server, token, address = '192.0.2.1') =>
  overStream(`${server.base}/raw-event-stream?topic=news`, { headers: headersOf(token, address) }, onStreamText);

/** Reads the frames of SockJS. */
export function onFrame(client: DoorClient, frame: string): void {
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
  const client = await overStream(
    `${url}/xhr_streaming`,
    init,
    (self, text) => {
      const frames = text.split('\n').slice(0, -1);
      for (; read < frames.length; read++) onFrame(self, frames[read] as string);
    },
    true,
  );
  const send = async (text: string): Promise<void> => {
    await fetch(`${url}/xhr_send`, { ...init, body: JSON.stringify([text]) });
  };
  return Object.assign(client, { send });
};

/** Reads the packets of Socket.IO. */
export function onPacket(client: DoorClient, packet: string): void {
  if (packet.startsWith('40')) client.isIn = true;
  else if (packet.startsWith('44') || packet.startsWith('41')) client.isOut = true;
  else if (packet.startsWith('42')) client.got.push((JSON.parse(packet.slice(2)) as string[])[1] as string);
}

const socketIoSocket: Door = async (server, token, address = '192.0.2.1') => {
  const url = `http://127.0.0.1:${server.port}/socket.io/?EIO=4&transport=websocket`;
  const { client, socket } = await overWebSocket(url, headersOf(token, address), [], onPacket);
  if (!client.isOut) socket.send(`40${JSON.stringify({ token })}`);
  return Object.assign(client, { send: async (text: string) => socket.send(`42${JSON.stringify(['message', text])}`) });
};

const socketIoPolling: Door = async (server, token, address = '192.0.2.1') => {
  let url = `http://127.0.0.1:${server.port}/socket.io/?EIO=4&transport=polling`;
  const headers = headersOf(token, address);
  const post = (body: string): Promise<Response> => fetch(url, { method: 'POST', headers, body });
  const abort = new AbortController();
  const client = await overPolls(
    () => fetch(url, { headers, signal: abort.signal }),
    (self, body) => {
      if (body.startsWith('0')) {
        url += `&sid=${(JSON.parse(body.slice(1)) as { readonly sid: string }).sid}`;
        void post(`40${JSON.stringify({ token })}`);
      } else for (const packet of body.split('\x1e')) onPacket(self, packet);
    },
  );
  const { leave } = client;
  const cut = (): void => {
    leave();
    abort.abort();
  };
  onTestFinished(cut);
  const send = async (text: string): Promise<void> => void (await post(`42${JSON.stringify(['message', text])}`));
  return Object.assign(client, { leave: cut, send });
};

/** All doors by name. */
export const doors = { session, rawSocket, rawStream, sockJsSocket, sockJsHttp, socketIoSocket, socketIoPolling };
