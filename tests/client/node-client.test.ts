import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createWireClient, type TransportName, type WireClient, type WireClientOptions } from '@everywire/client';
import { createWireServer, type WireServer, type WireServerOptions, type WireSession } from '@everywire/server';
import { logAddresses } from '@everywire/testkit';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';

const names: readonly TransportName[] = ['websocket', 'fetch-stream', 'event-stream', 'long-poll'];

/** A real server. `start` after `kill` starts another one on the same port, which knows no session. */
class Running {
  http!: Server;
  wire!: WireServer;
  port = 0;
  readonly sessions: WireSession[] = [];
  readonly received: (string | Uint8Array)[] = [];
  /** The handler of requests of new sessions. */
  onRequest: WireSession['onRequest'] = null;
  readonly tokens: (string | undefined)[] = [];
  addresses: readonly string[] = [];
  readonly sockets: Set<Socket> = new Set();

  async start(options: Partial<WireServerOptions> = {}): Promise<void> {
    this.wire = createWireServer({
      authenticate: ({ token }) => {
        this.tokens.push(token);
        return token === 'wrong' ? null : { subject: '' };
      },
      ...options,
      onSession: (session) => {
        this.sessions.push(session);
        session.onRequest = this.onRequest;
        session.onMessage = (data) => {
          this.received.push(data);
        };
      },
    });
    this.http = createServer((_request, response) => response.writeHead(404).end());
    this.http.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    this.wire.attach(this.http);
    this.addresses = logAddresses(this.http);
    await new Promise<void>((resolve) => this.http.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.http.address() as AddressInfo).port;
  }

  /** Ends the server like a crash: without closing sessions, and without saving them. */
  async kill(): Promise<void> {
    const closed = new Promise((resolve) => this.http.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await this.wire.close({ deadlineMs: 0 });
    await closed;
  }
}

let server: Running;
const wires: WireClient[] = [];

beforeEach(async () => {
  server = new Running();
  await server.start();
});

afterEach(async () => {
  for (const wire of wires.splice(0)) wire.close();
  await server.kill();
});

/** Creates a client. `got` has its received messages, and `closed` its close events. */
function connect(options: WireClientOptions = {}): { wire: WireClient; got: unknown[]; closed: CloseEvent[] } {
  const wire = createWireClient(`http://127.0.0.1:${server.port}/everywire`, options);
  const got: unknown[] = [];
  const closed: CloseEvent[] = [];
  wire.binaryType = 'arraybuffer';
  wire.onmessage = ({ data }) => got.push(data);
  wire.onclose = (event) => closed.push(event);
  wires.push(wire);
  return { wire, got, closed };
}

/** Waits until a condition holds. `what` names it in the error at the deadline. */
async function until(what: string, fact: () => boolean, deadlineMs = 120_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!fact()) {
    if (performance.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Texts that a transport may damage. */
const texts = [
  'plain',
  '',
  'ä 语 🙂',
  '\0nul first',
  '\0\0twice',
  'line\u2028\u2029\r\n end',
  '</script>',
  '{"t":"ack"}',
  'x'.repeat(60_000),
];

describe.each(names)('the Node client over %s', (name) => {
  it('[SN-1] carries every kind of message in both directions, in order', async () => {
    const { wire, got } = connect({ transports: [name] });
    const binary = Uint8Array.from({ length: 256 }, (_, at) => at);
    const all = [...texts, binary, new Uint8Array(0)];
    for (const data of all) wire.send(data);
    await until('open', () => wire.readyState === 1);
    await until('all up', () => server.received.length === all.length);
    expect(wire.transport).toBe(name);
    expect(server.received).toEqual(all);
    for (const data of all) server.sessions[0]?.send(data);
    await until('all down', () => got.length === all.length);
    expect(got.map((data) => (typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer)))).toEqual(all);
  });

  it('[SN-4.6] closes cleanly within two seconds', async () => {
    const { wire, closed } = connect({ transports: [name] });
    for (let number = 0; number < 50; number++) wire.send(`${number}`);
    await until('open', () => wire.readyState === 1);
    wire.close(3000, 'enough');
    await until('closed', () => closed.length === 1, 2000);
    expect(closed[0]).toMatchObject({ code: 3000, reason: 'enough', wasClean: true });
    expect(server.received.length).toBe(50);
  });

  it('[SN-4.1] ends as lost when the server has lost the session', async () => {
    const { wire, closed } = connect({ transports: [name] });
    await until('open', () => wire.readyState === 1);
    await server.kill();
    await server.start();
    await until('closed', () => closed.length === 1);
    expect(closed[0]).toMatchObject({ code: 4500, reason: 'lost', wasClean: false });
    expect(wire.status).toMatchObject({ state: 'closed', verdict: { code: 'lost' } });
  });

  it('[SN-20.2] sends its token to the server, but never in an address', async () => {
    const { wire } = connect({ transports: [name], token: async () => 'secret' });
    await until('open', () => wire.readyState === 1);
    expect(server.tokens).toEqual(['secret']);
    expect(server.addresses).toContain(`/everywire/${name}`);
    expect(server.addresses.join()).not.toContain('secret');
    const refused = connect({ transports: [name], token: () => 'wrong' });
    await until('closed', () => refused.closed.length === 1);
    expect(refused.closed[0]).toMatchObject({ code: 4001, reason: 'unauthorized' });
  });
});

describe('the Node client', () => {
  it('[SN-11] switches through all transports during traffic, in one session', async () => {
    const { wire, got } = connect();
    // The server passes a session to its application once the client has confirmed it (SN-14), shortly after the client
    // opens it.
    await until('open', () => wire.readyState === 1 && server.sessions.length > 0);
    const session = server.sessions[0]!;
    let number = 0;
    const used: (TransportName | null)[] = [];
    const timer = setInterval(() => {
      // Otherwise the buffers would overflow on a slow machine and end the session.
      if (number - Math.min(got.length, server.received.length) >= 50) return;
      wire.send(`${number}`);
      session.send(`${number}`);
      number++;
      if (used.at(-1) !== wire.transport) used.push(wire.transport);
    }, 2);
    onTestFinished(() => clearInterval(timer));
    for (const name of [
      ...names.slice(1),
      ...names,
      'event-stream',
      'websocket',
      'long-poll',
      'fetch-stream',
    ] as const) {
      wire.use(name);
      await until(name, () => wire.transport === name);
      const { length } = got;
      await until('more', () => got.length > length + 20);
    }
    clearInterval(timer);
    await until('all', () => got.length === number && server.received.length === number);
    const expected = Array.from({ length: number }, (_, at) => `${at}`);
    expect(got).toEqual(expected);
    expect(server.received).toEqual(expected);
    expect(server.sessions.length).toBe(1);
    expect(used).not.toContain(null);
  });
});

describe('a request of a client without a connection', () => {
  it('fails at its timeout, is never sent, and does not affect the order of later messages', async () => {
    await server.kill();
    const { wire } = connect();
    const asked: string[] = [];
    const failed = wire.request('too late', { timeoutMs: 100 });
    wire.send('first');
    const later = wire.request('in time', { timeoutMs: 120_000 });
    await expect(failed).rejects.toMatchObject({ code: 'timeout', unknown: false });
    server.onRequest = (data) => `${asked.push(String(data))}`;
    await server.start();
    wire.retryNow();
    expect(await later).toBe('1');
    expect([asked, server.received]).toEqual([['in time'], ['first']]);
  });

  it('is not counted as buffered once it has failed', async () => {
    await server.kill();
    const { wire } = connect();
    const failed = wire.request('x'.repeat(1_000), { timeoutMs: 50 });
    expect(wire.bufferedAmount).toBeGreaterThanOrEqual(1_000);
    await expect(failed).rejects.toMatchObject({ code: 'timeout' });
    expect(wire.bufferedAmount).toBe(0);
    await server.start();
  });
});
