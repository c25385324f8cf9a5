import diagnostics from 'node:diagnostics_channel';
import { connect, type Socket } from 'node:net';
import { eventually, HandCounts, type Listening, openByPost } from './hand-client.js';

/** A parsed HTTP answer. */
export interface Answer {
  readonly status: number;
  /** Status line and headers, in lower case. */
  readonly head: string;
  readonly body: string;
}

/** A kept HTTP connection of a client with a session. The test controls every written byte. */
export class KeptClient {
  readonly socket: Socket;
  readonly id: string;
  readonly counts: HandCounts = new HandCounts();
  closed = false;
  /** Further header lines of each request, each with its line end. */
  headers = '';
  /** Received text that is not yet returned as an answer. */
  #text = '';
  /** The last attach number. */
  #n = 0;
  /** The number of bodies sent. */
  #bodies = 0;

  private constructor(server: Listening, id: string) {
    this.id = id;
    this.socket = connect(server.port, '127.0.0.1').setEncoding('latin1').setNoDelay();
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.closed = true;
    });
    this.socket.on('data', (text: string) => {
      this.#text += text;
    });
  }

  /** Opens a session, and a connection for it. */
  static async open(server: Listening): Promise<KeptClient> {
    return new KeptClient(server, await openByPost(server.base));
  }

  /** Formats a request as a browser does. */
  request(name: string, body: string): string {
    return (
      `POST /everywire/${name} HTTP/1.1\r\nHost: here\r\nConnection: keep-alive\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n${this.headers}Accept: */*\r\n\r\n${body}`
    );
  }

  /** Formats a poll. */
  poll(more: object = {}, name = 'long-poll'): string {
    this.#n += 1;
    const fields = { t: 'attach', id: this.id, n: this.#n, instance: 1, ...this.counts.block, ...more };
    return this.request(name, JSON.stringify(fields));
  }

  /** Formats a POST of messages, or of counts only. */
  up(messages: readonly string[] = []): string {
    const first = this.counts.sent + 1;
    this.counts.sent += messages.length;
    const m = messages.length > 0 ? { m: messages } : {};
    this.#bodies += 1;
    const named = { t: 'body', id: this.id, n: this.#bodies, instance: 1 };
    const fields = { ...named, first, count: messages.length, ...this.counts.block, ...m };
    return this.request('up', JSON.stringify(fields));
  }

  write(text: string): this {
    this.socket.write(text, 'latin1');
    return this;
  }

  /** Waits for the next answer, which must have a `Content-Length`. */
  async answer(): Promise<Answer> {
    return eventually(() => {
      const end = this.#text.indexOf('\r\n\r\n');
      if (end < 0) return undefined;
      const head = this.#text.slice(0, end + 2).toLowerCase();
      const length = Number(/\r\ncontent-length: (\d+)\r\n/.exec(head)?.[1] ?? 0);
      const to = end + 4 + length;
      if (this.#text.length < to) return undefined;
      const body = this.#text.slice(end + 4, to);
      this.#text = this.#text.slice(to);
      return { status: Number(head.slice(9, 12)), head, body };
    });
  }

  /** Sends a request and returns its answer. */
  async ask(text: string): Promise<Answer> {
    return this.write(text).answer();
  }

  /** Sends so many empty posts that the server recognizes this connection. */
  async warm(): Promise<this> {
    for (let i = 0; i < 3; i += 1) await this.ask(this.up());
    return this;
  }
}

/** Returns the items of a poll's answer. */
export const lines = (body: string): unknown[] =>
  body
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** The server's sockets of all connections of this process. */
const ends: Socket[] = [];
diagnostics.subscribe('net.server.socket', (event) => void ends.push((event as { socket: Socket }).socket));

/** Returns the server's socket of a connection. */
export function serverEnd(client: KeptClient): Promise<Socket> {
  return eventually(() => ends.find((end) => end.remotePort === client.socket.localPort && !end.destroyed));
}

/** Returns the number of written bytes that the kernel has not accepted yet. */
export function waitingAt(end: Socket): number {
  const { _handle } = end as unknown as { readonly _handle: { readonly writeQueueSize: number } | null };
  return end.writableLength + (_handle?.writeQueueSize ?? 0);
}
