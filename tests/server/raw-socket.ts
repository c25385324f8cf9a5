import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { WireServerOptions } from '@everywire/server';
import WebSocket from 'ws';
import { eventually, type Listening, listen } from './hand-client.js';

// Helpers for tests of raw WebSockets: plain WebSockets without our client, which have no session.

const servers: Listening[] = [];
const sockets: RawSocket[] = [];

/** Ends all sockets and servers. Call after each test. */
export async function endRawSockets(): Promise<void> {
  for (const { socket } of sockets.splice(0)) socket.terminate();
  for (const server of servers.splice(0)) await server.end();
}

/** A client with the token `good` may listen to all topics that it names. Without a token, only to `public`. */
const options: Partial<WireServerOptions> = {
  authenticate: ({ token }) =>
    token === undefined ? { subject: 'anyone' } : token === 'good' ? { subject: 'ann' } : null,
  onRawLink: ({ claims, topics }) => (claims.subject === 'ann' ? topics : topics.filter((topic) => topic === 'public')),
};

/** Starts a server with these rules. */
export async function start(more: Partial<WireServerOptions> = {}): Promise<Listening> {
  const server = await listen({ ...options, ...more });
  servers.push(server);
  return server;
}

/** A plain WebSocket of the third-party library `ws`. `query` names the topics. */
export class RawSocket {
  readonly socket: WebSocket;
  /** The received messages. */
  readonly got: (string | Uint8Array)[] = [];
  /** Code and reason of the end; `null` while it is open. */
  closed: readonly [number, string] | null = null;
  /** Status of a refused handshake; 0 otherwise. */
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

  /** Lets everything that `send` sends reach the server in one piece. */
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

/** Opens a raw WebSocket and waits until the server lists it. */
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

/** The header of a client with the valid token. */
export const BEARER = { authorization: 'Bearer good' };
