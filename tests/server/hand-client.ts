import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { addToSum, messageFromBytes, messageFromText } from '@everywire/protocol/internal';
import { createWireServer, type WireServer, type WireServerOptions } from '@everywire/server';
import { budgetsOf } from '@everywire/server/internal';
import { expect } from 'vitest';
import WebSocket from 'ws';
import { failOnBroken } from '../fail-on-broken.js';

/** The fields of a control record. */
type Fields = Readonly<Record<string, unknown>>;

/** A transport server with its own HTTP server. */
export interface Listening {
  readonly wire: WireServer;
  readonly http: Server;
  readonly port: number;
  /** Address of the endpoints. */
  readonly base: string;
  /** Notices that the server has reported to its operator. */
  readonly notices: { readonly code: string; readonly text: string }[];
  /** Stops both servers. Fails if a budget of the wire server is not back at its start afterwards. */
  end(): Promise<void>;
}

/**
 * Whether the server reads and writes sockets itself, past Node's HTTP parser. The suites also run a second time with
 * `EVERYWIRE_SOCKETS=public`, which uses only Node's public interface.
 */
const directSockets: boolean = process.env['EVERYWIRE_SOCKETS'] !== 'public';

/** Reads the messages of each session and ignores them. */
const handleNothing: WireServerOptions['onSession'] = (session) => {
  session.onMessage = () => undefined;
};

/** Starts a transport server. A notice of a broken invariant fails the test. */
export async function listen(options: Partial<WireServerOptions> = {}, onPort = 0): Promise<Listening> {
  const notices: { code: string; text: string }[] = [];
  const onNotice = (notice: { code: string; text: string }): void => {
    failOnBroken(notice.code, notice.text);
    notices.push(notice);
  };
  const { now } = options;
  let endedAt = Number.POSITIVE_INFINITY;
  // A clock that a test has stopped goes on at the end, because the deadline of `close` is on it.
  const sinceEnd = (): number => Math.floor(performance.now() - endedAt);
  const clock = now && { now: () => (performance.now() > endedAt ? now() + sinceEnd() : now()) };
  const wire = createWireServer({ onSession: handleNothing, onNotice, directSockets, ...options, ...clock });
  const http = createServer();
  wire.attach(http);
  http.listen(onPort, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  return {
    wire,
    http,
    port,
    base: `http://127.0.0.1:${port}/everywire`,
    notices,
    async end(): Promise<void> {
      endedAt = performance.now();
      await wire.close({ deadlineMs: 1 });
      http.closeAllConnections();
      http.close();
      // `expect.poll` would refuse to run in a concurrent test and after a file's last one.
      const areFree = (): boolean => budgetsInUse(wire).length === 0;
      await eventually(areFree, 60_000).catch(() => expect(budgetsInUse(wire)).toEqual([]));
    },
  };
}

/** Returns the budgets of a server that are not back at their start. */
function budgetsInUse(wire: WireServer): readonly string[] {
  return Object.entries(budgetsOf(wire)).flatMap(([name, count]) => (count === 0 ? [] : [`${name}: ${count}`]));
}

/** The counts that a client must state in its records (SN-5). */
export class HandCounts {
  /** Number of received messages. */
  received = 0;
  /** Number of received messages that the client has processed. */
  ack = 0;
  /** The highest `ack` that the server has stated. */
  seen = 0;
  /** Number of sent messages. */
  sent = 0;
  /** Checksum over all received messages. */
  sum = 0;

  /** The counts as fields of a record. */
  get block(): Fields {
    const { received, ack, seen, sent } = this;
    return { ack, received, seen, sent, sum: this.sum >>> 0 };
  }

  /** Counts a received message. */
  took(message: string | Uint8Array): void {
    const { hash } = typeof message === 'string' ? messageFromText(message) : messageFromBytes(message);
    this.received += 1;
    this.sum = addToSum(this.sum, hash);
  }
}

/**
 * A client over WebSocket that writes every control record by hand. The library `ws` does the framing, as a check that is
 * independent of ours.
 */
export class HandClient {
  readonly socket: WebSocket;
  readonly counts: HandCounts = new HandCounts();
  /** The received messages. */
  readonly got: (string | Uint8Array)[] = [];
  /** The received control records. */
  readonly records: Fields[] = [];
  /** The session id; empty before the session is open. */
  id = '';
  /** The code of the end of the WebSocket; 0 while it is open. */
  closeCode = 0;
  /** Whether received messages are acknowledged as a client does: at a quarter of the window, and with each pong. */
  acknowledges = true;
  /** Whether pings are answered. */
  answers = true;
  #acknowledged = 0;

  constructor(port: number, headers: Record<string, string> = {}, options: WebSocket.ClientOptions = {}) {
    const url = `ws://127.0.0.1:${port}/everywire/websocket`;
    this.socket = new WebSocket(url, ['everywire.2'], { headers, perMessageDeflate: false, ...options });
    this.socket.on('message', (data: Buffer, binary: boolean) => this.#onMessage(data, binary));
    this.socket.on('close', (code) => {
      this.closeCode = code;
    });
    this.socket.on('error', () => undefined);
  }

  /** Opens and attaches a session. */
  static async join(port: number, nonce = newNonce()): Promise<HandClient> {
    const client = new HandClient(port);
    await client.opened();
    client.record({ t: 'open', version: 2, nonce });
    await client.heard('opened');
    client.attach(1);
    await client.heard('attached');
    client.record({ t: 'from', first: 1 });
    return client;
  }

  async opened(): Promise<void> {
    if (this.socket.readyState !== WebSocket.OPEN) await once(this.socket, 'open');
  }

  /** Requests to write to this link. The server uses the link with the highest `n`. */
  attach(n: number, id: string = this.id): void {
    this.record({ t: 'attach', id, n, instance: 7, ...this.counts.block });
  }

  /** Sends a control record. */
  record(fields: Fields): void {
    this.socket.send(`\0${JSON.stringify(fields)}`);
  }

  /** Sends a message. A text that begins with U+0000 is escaped, because records begin so. */
  send(data: string | Uint8Array): void {
    this.counts.sent += 1;
    this.socket.send(typeof data === 'string' && data.startsWith('\0') ? `\0${data}` : data);
  }

  acknowledge(): void {
    this.counts.ack = this.counts.received;
    this.#acknowledged = this.counts.received;
    this.record({ t: 'ack', ...this.counts.block });
  }

  /** Waits for the latest record of that name. */
  async heard(name: string): Promise<Fields> {
    return eventually(() => this.records.findLast((record) => record['t'] === name));
  }

  /** Waits for the end of the WebSocket and returns its code. */
  async closed(): Promise<number> {
    return eventually(() => (this.closeCode === 0 ? undefined : this.closeCode));
  }

  #onMessage(data: Buffer, binary: boolean): void {
    const text = data.toString();
    if (!binary && text[0] === '\0' && text[1] !== '\0') {
      this.#onRecord(JSON.parse(text.slice(1)) as Fields);
      return;
    }
    const message = binary ? new Uint8Array(data) : text[0] === '\0' ? text.slice(1) : text;
    this.got.push(message);
    this.counts.took(message);
    // A quarter of the default window of 256 messages.
    if (this.acknowledges && this.counts.received - this.#acknowledged >= 64) this.acknowledge();
  }

  #onRecord(record: Fields): void {
    this.records.push(record);
    if (typeof record['id'] === 'string') this.id = record['id'];
    if (typeof record['ack'] === 'number') this.counts.seen = Math.max(this.counts.seen, record['ack']);
    if (record['t'] !== 'ping') return;
    // The server's message count must equal the number of received messages, or one was lost or repeated (SN-5).
    expect(record['at']).toBe(this.counts.received);
    if (!this.answers) return;
    this.counts.ack = this.acknowledges ? this.counts.received : this.counts.ack;
    this.#acknowledged = this.counts.ack;
    this.record({ t: 'pong', at: this.counts.sent, ...this.counts.block });
  }
}

/**
 * Waits until `look` returns something other than `undefined`, `null` and `false`, and returns it. Looks every 2 ms.
 * @throws Error after `timeoutMs`
 */
export async function eventually<T>(look: () => T | undefined | null | false, timeoutMs = 120_000): Promise<T> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== null && found !== false) return found;
    if (performance.now() > until) throw new Error(`Waited ${timeoutMs} ms for: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Returns the nonce of a new session. */
export function newNonce(): string {
  return randomUUID();
}

/** POSTs one record as JSON, with the headers of a browser. */
export async function post(url: string, body: Fields, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'text/plain;charset=utf-8', ...headers },
  });
}

/**
 * Headers for tests with a clock that jumps. The jump makes the server end kept connections, and a request on such a
 * connection would fail. Therefore each request uses a new connection.
 */
export const unkept: Readonly<Record<string, string>> = { connection: 'close' };

/** Builds the first, empty body of a session's client, with the given fields changed. */
export function bodyOf(id: string, fields: object = {}): Readonly<Record<string, unknown>> {
  return { t: 'body', id, n: 1, instance: 1, first: 1, count: 0, ...new HandCounts().block, ...fields };
}

/** Opens a session over HTTP and returns its id. */
export async function openByPost(
  base: string,
  nonce = newNonce(),
  headers: Record<string, string> = {},
): Promise<string> {
  const answer = (await (await post(`${base}/open`, { t: 'open', version: 2, nonce }, headers)).json()) as {
    id: string;
  };
  return answer.id;
}
