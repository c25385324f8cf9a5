import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { WireServerOptions } from '@everywire/server';
import WebSocket from 'ws';
import { eventually, type Listening, listen } from './hand-client.js';

const servers: Listening[] = [];
const sockets: RawSocket[] = [];

/** Ends all sockets; call after each test. */
export async function endRawSockets(): Promise<void> {
  for (const { socket } of sockets.splice(0)) socket.terminate();
  for (const server of servers.splice(0)) await server.end();
}

/** A request with the token may listen to the topics it names; all others to none. */
const options: Partial<WireServerOptions> = {
  authenticate: ({ token }) =>
    token === undefined ? { subject: 'anyone' } : token === 'good' ? { subject: 'ann' } : null,
  onRawLink: ({ claims, topics }) => (claims.subject === 'ann' ? topics : topics.filter((topic) => topic === 'public')),
};

export async function start(more: Partial<WireServerOptions> = {}): Promise<Listening> {
  const server = await listen({ ...options, ...more });
  servers.push(server);
  return server;
}

/** A plain third-party WebSocket. */
export class RawSocket {
  readonly socket: WebSocket;
  readonly got: (string | Uint8Array)[] = [];
  closed: readonly [number, string] | null = null;
  status = 0;

  constructor(server: Listening, query: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(`ws://127.0.0.1:${server.port}/everywire/raw-websocket${query}`, { headers });
    this.socket.on('message', (data: Buffer, binary: boolean) => {
      this.got.push(binary ? new Uint8Array(data) : data.toString());
    });
    this.socket.on('close', (code, reason) => {
      this.closed = [code, reason.toString()];
    });
    this.socket.on('unexpected-response', (_request, response) => {
      this.status = response.statusCode ?? 0;
      this.socket.terminate();
    });
    this.socket.on('error', () => undefined);
    sockets.push(this);
  }

  async opened(): Promise<this> {
    if (this.socket.readyState !== WebSocket.OPEN) await once(this.socket, 'open');
    return this;
  }

  /** Makes everything that `send` sends reach the server in one piece. */
  sendTogether(send: () => void): void {
    const { _socket: socket } = this.socket as unknown as { readonly _socket: Socket };
    socket.cork();
    send();
    socket.uncork();
  }

  ended(): Promise<readonly [number, string]> {
    return eventually(() => this.closed);
  }
}

/** Opens a link and waits until the server reports it. */
export async function enter(
  server: Listening,
  query: string,
  headers: Record<string, string> = {},
): Promise<RawSocket> {
  const before = server.wire.rawLinks().length;
  const raw = await new RawSocket(server, query, headers).opened();
  await eventually(() => server.wire.rawLinks().length === before + 1);
  return raw;
}

export const BEARER = { authorization: 'Bearer good' };
