import { randomBytes } from 'node:crypto';
import { Connection } from './connection.js';
import { HandSession } from './hand-session.js';
import { HELLO, HelloAnswer } from './hello-answer.js';
import { HttpAnswer, type RequestParts, requestBytes } from './http-exchange.js';
import type { Fields } from './item.js';
import { Mismatch } from './mismatch.js';
import type { ServerSettings } from './server-settings.js';
import type { Target } from './target.js';
import { TestLink } from './test-link.js';

/** The key of an opening handshake, and the accept value for it (RFC 6455 section 1.3). */
const HANDSHAKE_KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
/** The accept value that a server must return for that key. */
export const HANDSHAKE_ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

/** The headers of a valid opening handshake. */
export const handshakeHeaders: Readonly<Record<string, string>> = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': HANDSHAKE_KEY,
  'Sec-WebSocket-Protocol': 'everywire.2',
};

/** The access of one check to the server. It owns all connections of the check, and closes them at its end. */
export class Examiner {
  readonly target: Target;
  readonly settings: ServerSettings;
  readonly #connections: Connection[] = [];
  /** Aborted at the end. Its reason rejects calls that still wait for a connection. */
  readonly #ending = new AbortController();
  #endReason: string | null = null;

  constructor(target: Target, settings: ServerSettings) {
    this.target = target;
    this.settings = settings;
  }

  async connect(): Promise<Connection> {
    return this.#own(await Connection.open(this.target, undefined, this.#ending.signal));
  }

  /** Opens a connection to the raw TCP port, without the hello. */
  async connectTcp(protocol = 'everywire.2'): Promise<Connection> {
    const { tcp } = this.target;
    if (tcp === undefined) throw new Mismatch('the target', 'an address of raw TCP', tcp);
    return this.#own(await Connection.open(tcp, protocol, this.#ending.signal));
  }

  /** Sends one request on a new connection, and waits for the head of the answer. */
  async request(parts: RequestParts): Promise<HttpAnswer> {
    const connection = await this.connect();
    connection.write(requestBytes(this.target, parts));
    return HttpAnswer.read(connection, `an answer to ${parts.method} ${parts.name}`);
  }

  async post(name: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
    return this.request({
      method: 'POST',
      name,
      body,
      headers: { 'Content-Type': 'text/plain;charset=utf-8', ...headers },
    });
  }

  /**
   * Posts a body and returns the record of the answer.
   *
   * @throws Mismatch unless the answer is one record with status 200
   */
  async answerTo(name: string, body: unknown): Promise<Fields> {
    const answer = await this.post(name, body);
    const record = await answer.json();
    if (answer.status !== 200 || record === undefined)
      throw new Mismatch(`POST ${name}`, '200 and a record', `${answer.status} ${(await answer.whole()).toString()}`);
    return record;
  }

  /** Opens a WebSocket and completes the opening handshake. */
  async webSocket(headers: Readonly<Record<string, string>> = {}): Promise<TestLink> {
    const answer = await this.request({
      method: 'GET',
      name: 'websocket',
      headers: { ...handshakeHeaders, ...headers },
    });
    if (answer.status !== 101) throw new Mismatch('the opening handshake', 101, answer.status);
    return new TestLink('websocket', answer);
  }

  /** Opens a raw TCP connection and completes the hello (TR-44). */
  async tcp(): Promise<TestLink> {
    const connection = await this.connectTcp();
    connection.write(HELLO);
    return new TestLink('tcp', await HelloAnswer.read(connection));
  }

  async duplex(transport: string): Promise<TestLink> {
    return transport === 'tcp' ? this.tcp() : this.webSocket();
  }

  /** Opens a WebSocket whose opening handshake carries this record (TR-40). */
  async headed(record: Fields): Promise<TestLink> {
    return this.webSocket({
      'Sec-WebSocket-Protocol': offered(Buffer.from(JSON.stringify(record)).toString('base64url')),
    });
  }

  nonce(): string {
    return randomBytes(16).toString('base64url');
  }

  openRecord(fields: Fields = {}): Fields {
    const { token } = this.target;
    return { t: 'open', version: 2, nonce: this.nonce(), ...(token === undefined ? {} : { token }), ...fields };
  }

  /** Opens a session by POST, without a link. */
  async open(fields: Fields = {}): Promise<HandSession> {
    const record = this.openRecord(fields);
    return new HandSession(this, await this.answerTo('open', record), String(record['nonce']));
  }

  /** Opens a session with one attached link, and sends `from` on a two-way link. */
  async join(
    transport = 'websocket',
    fields: Fields = {},
  ): Promise<{ readonly session: HandSession; readonly link: TestLink }> {
    const session = await this.open();
    const link = await session.attach(transport, fields);
    if (link.duplex) {
      await link.next('attached');
      link.record({ t: 'from', first: 1 });
    }
    return { session, link };
  }

  /** Closes every connection. Pending calls reject with the reason. */
  end(reason: string): void {
    this.#endReason = reason;
    this.#ending.abort(new Mismatch('a connection', 'to open', reason));
    for (const connection of this.#connections) connection.cut(reason);
  }

  #own(connection: Connection): Connection {
    this.#connections.push(connection);
    if (this.#endReason !== null) connection.cut(this.#endReason);
    return connection;
  }
}

/** Returns the subprotocols that a client offers to send this record in its handshake. */
export function offered(head: string): string {
  return `everywire.2, everywire.2.head, ${head}`;
}
