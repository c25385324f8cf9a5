import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, HandCounts, type Listening, listen, newNonce } from './hand-client.js';

let server: Listening;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.end();
});

interface Answer {
  readonly head: string;
  readonly body: string;
}

/** One connection that writes HTTP requests by hand, in any version. */
class Line {
  readonly socket: Socket;
  /** Received text that is not yet returned as an answer. */
  text = '';
  ended = false;

  constructor() {
    this.socket = connect(server.port, '127.0.0.1');
    this.socket.setEncoding('latin1');
    this.socket.on('data', (piece: string) => (this.text += piece));
    this.socket.on('error', () => undefined);
    this.socket.on('end', () => (this.ended = true));
    sockets.push(this.socket);
  }

  ask(version: string, name: string, record: object, headers = ''): void {
    const body = JSON.stringify(record);
    this.socket.write(
      `POST /everywire/${name} HTTP/${version}\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }

  /** Takes one whole answer of known length from the bytes received. */
  async answer(): Promise<Answer> {
    const length = await eventually(() => /\r\nContent-Length: (\d+)\r\n/i.exec(this.text)?.[1]);
    const from = await eventually(() => (this.text.includes('\r\n\r\n') ? this.text.indexOf('\r\n\r\n') + 4 : null));
    await eventually(() => this.text.length >= from + Number(length));
    const answer = { head: this.text.slice(0, from), body: this.text.slice(from, from + Number(length)) };
    this.text = this.text.slice(from + Number(length));
    return answer;
  }
}

/** Starts a server whose sessions echo everything. */
async function start(directSockets: boolean, limits = {}): Promise<void> {
  server = await listen({
    directSockets,
    limits,
    onSession: (session) => {
      session.onMessage = (data) => void session.send(data);
    },
  });
}

/** A client with a session that sends one request after the other: on one connection if `keeps`, else each on a new one. */
class Client {
  readonly lines: Line[] = [];
  readonly #version: string;
  readonly #headers: string;
  readonly #keeps: boolean;
  readonly counts: HandCounts = new HandCounts();
  id = '';

  constructor(version: string, headers: string, keeps: boolean) {
    this.#version = version;
    this.#headers = headers;
    this.#keeps = keeps;
  }

  /** Sends a request and returns its connection. */
  begin(name: string, record: object): Line {
    const last = this.#keeps ? this.lines.at(-1) : undefined;
    const line = last ?? new Line();
    if (last === undefined) this.lines.push(line);
    line.ask(this.#version, name, record, this.#headers);
    return line;
  }

  async ask(name: string, record: object): Promise<Answer> {
    const line = this.begin(name, record);
    const answer = await line.answer();
    expect(answer.head).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer.head).not.toMatch(/transfer-encoding/i);
    if (!this.#keeps) await eventually(() => line.ended);
    return answer;
  }

  async open(): Promise<void> {
    const { body } = await this.ask('open', { t: 'open', version: 2, nonce: newNonce() });
    this.id = (JSON.parse(body) as { id: string }).id;
  }

  attach(n: number): object {
    return { t: 'attach', id: this.id, n, instance: 1, ...this.counts.block };
  }

  /** Sends ten messages each way, by posts and polls. */
  async converse(): Promise<readonly string[]> {
    const arrivals: string[] = [];
    for (let n = 1; n <= 10; n++) {
      const up = { t: 'body', id: this.id, n: 1, instance: 1, first: n, count: 1, m: [`message ${n}`] };
      await this.ask('up', { ...up, ...this.counts.block });
      this.counts.sent = n;
      const { body } = await this.ask('long-poll', this.attach(n));
      for (const line of body.trim().split('\n').slice(1)) {
        const message = JSON.parse(line) as string;
        arrivals.push(message);
        this.counts.took(message);
        this.counts.ack = this.counts.received;
      }
    }
    return arrivals;
  }
}

/** The expected echoes of ten messages. */
const ten = Array.from({ length: 10 }, (_, at) => `message ${at + 1}`);
const HOST = 'Host: x\r\n';

describe.each([
  ['past their streams', true],
  ['by the public API', false],
])('over sockets written %s', (_, direct) => {
  it('[P20] HTTP/1.0 holds a conversation with one connection per request', async () => {
    await start(direct);
    const client = new Client('1.0', '', false);
    await client.open();
    expect(await client.converse()).toEqual(ten);
    expect(client.lines).toHaveLength(21);
  });

  it('[P20] [TR-22.3] HTTP/1.0 with keep-alive holds a conversation over one connection', async () => {
    await start(direct);
    const client = new Client('1.0', 'Connection: keep-alive\r\n', true);
    const first = client.begin('open', { t: 'open', version: 2, nonce: newNonce() });
    const { head, body } = await first.answer();
    // A client that supports only 1.0 must be sent that the connection stays open.
    expect(head).toMatch(/^connection: keep-alive\r$/im);
    client.id = (JSON.parse(body) as { id: string }).id;
    expect(await client.converse()).toEqual(ten);
    expect([client.lines.length, first.ended]).toEqual([1, false]);
  });

  it('[P20] HTTP/1.1 with `Connection: close` has its connection closed', async () => {
    await start(direct);
    const client = new Client('1.1', `${HOST}Connection: close\r\n`, false);
    await client.open();
    expect(await client.converse()).toEqual(ten);
  });

  it('[TR-22.2] [TR-22.5] HTTP/1.1 holds a conversation over one connection, and gets its keep-alive time', async () => {
    await start(direct);
    const client = new Client('1.1', HOST, true);
    await client.open();
    expect(await client.converse()).toEqual(ten);
    expect(client.lines).toHaveLength(1);
    const { head } = await client.ask('long-poll', { ...client.attach(20), prompt: true });
    expect(head).toMatch(/^keep-alive: timeout=72\r$/im);
  });

  it.each(['event-stream', 'fetch-stream'])(
    '[P20] [TR-22.4] HTTP/1.0 has the %s without chunks, to the end of the connection',
    async (name) => {
      await start(direct, { streamBytesMax: 3_000 });
      const client = new Client('1.0', 'Connection: keep-alive\r\n', false);
      client.id = await opened();
      const line = client.begin(name, client.attach(1));
      await eventually(() => line.text.includes('attached'));
      expect(line.text).toMatch(/^HTTP\/1\.1 200 /);
      expect(line.text).not.toMatch(/transfer-encoding|content-length|connection: keep-alive/i);
      const [session] = server.wire.sessions();
      for (let i = 0; i < 5; i++) session?.send(`${i}`.repeat(1_000));
      await eventually(() => line.ended);
      // Five thousand characters arrived, without a chunk length between them.
      expect(line.text).toContain('2'.repeat(1_000));
      expect(line.text).not.toMatch(/\r\n[0-9a-f]+\r\n/i);
    },
  );

  it('[TR-22.5] an idle connection is closed at the announced time, and not before', async () => {
    await start(direct, { keepAliveMs: 6_000 });
    expect(server.http.keepAliveTimeout).toBe(6_000);
    server.http.keepAliveTimeout = 1_000;
    const client = new Client('1.1', HOST, true);
    await client.open();
    const { head } = await client.ask('up', {
      t: 'body',
      id: client.id,
      n: 1,
      instance: 1,
      first: 1,
      count: 0,
      ...client.counts.block,
    });
    expect(head).toMatch(/^keep-alive: timeout=1\r$/im);
    const [line] = client.lines as [Line];
    const answered = performance.now();
    await once(line.socket, 'close');
    expect(performance.now() - answered).toBeGreaterThan(900);
  });
});

/** Opens a session and returns its id. */
async function opened(): Promise<string> {
  const answer = await fetch(`${server.base}/open`, {
    method: 'POST',
    body: JSON.stringify({ t: 'open', version: 2, nonce: newNonce() }),
  });
  return ((await answer.json()) as { id: string }).id;
}
