import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createNetServer, type Server as NetServer } from 'node:net';
import { createWireClient, type TransportName, type WireClient } from '@everywire/client';
import { createWireServer, type WireServer, type WireServerOptions, type WireSession } from '@everywire/server';
import { createFaultProxy, type FaultProxy } from '@everywire/testkit';
import { failOnBroken } from '../fail-on-broken.js';

/** Every transport to which a client can be restricted. */
export const transportNames: readonly TransportName[] = [
  'websocket',
  'tcp',
  'event-stream',
  'fetch-stream',
  'multipart-stream',
  'long-poll',
  'short-poll',
];

/**
 * One transport of each kind: a socket, a stream, polls. Enough for tests of code that does not depend on the transport
 * (CONTRIBUTING, *a matrix has one home*).
 */
export const oneOfEachKind: readonly TransportName[] = ['websocket', 'fetch-stream', 'long-poll'];

/** How long to wait for a condition. Very long, because a slow machine must not look like an error. */
const DEADLINE_MS = 120_000;

/** A real server and real clients, with a proxy between them that injects network faults. The test decides what they send. */
export class Dialogue {
  readonly wire: WireServer;
  readonly proxy: FaultProxy;
  /** The sessions that the server has opened. */
  readonly sessions: WireSession[] = [];
  readonly #http: Server;
  readonly #tcp: NetServer;
  readonly #clients: WireClient[] = [];

  /** Starts a server with short heartbeats, and the proxy. */
  static async start(options: Partial<WireServerOptions> = {}): Promise<Dialogue> {
    const http = createServer();
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    const tcp = createNetServer();
    await new Promise<void>((done) => tcp.listen(0, '127.0.0.1', done));
    const ports = [http, tcp].map((server) => (server.address() as AddressInfo).port) as [number, number];
    return new Dialogue(http, tcp, await createFaultProxy(...ports), options);
  }

  private constructor(http: Server, tcp: NetServer, proxy: FaultProxy, options: Partial<WireServerOptions>) {
    this.#http = http;
    this.#tcp = tcp;
    this.proxy = proxy;
    this.wire = createWireServer({
      onNotice: ({ code, text }) => failOnBroken(code, text),
      ...options,
      limits: { heartbeatMs: 400, heartbeatHiddenMs: 400, tickMs: 10, shortPollMs: 40, ...options.limits },
      onSession: (session) => {
        this.sessions.push(session);
        return options.onSession?.(session);
      },
    });
    this.wire.attach(http);
    this.wire.attachTcp(tcp);
  }

  /** Creates a client restricted to one transport, without waiting for it. */
  client(transport: TransportName, port = this.proxy.port): WireClient {
    const tcp = `tcp://127.0.0.1:${this.proxy.tcpPort}`;
    const client = createWireClient(`http://127.0.0.1:${port}/everywire`, {
      transports: [transport],
      tcp,
      shortPollMs: 80,
    });
    client.binaryType = 'arraybuffer';
    this.#clients.push(client);
    return client;
  }

  /** Opens a client that bypasses the proxy. */
  direct(): Promise<readonly [WireClient, WireSession]> {
    return this.pair('websocket', (this.#http.address() as AddressInfo).port);
  }

  /** Returns an open client and its session. */
  async pair(transport: TransportName, port?: number): Promise<readonly [WireClient, WireSession]> {
    const before = this.sessions.length;
    const client = this.client(transport, port);
    await until(() => client.readyState === 1 && this.sessions.length > before);
    return [client, this.sessions[before] as WireSession];
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.wire.close({ deadlineMs: 0 });
    await this.proxy.close();
    this.#http.closeAllConnections();
    this.#http.close();
    this.#tcp.close();
  }
}

/** Waits until a condition holds. @throws Error with the condition at the deadline */
export async function until(fact: () => boolean): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!fact()) {
    if (performance.now() > deadline) throw new Error(`Waited in vain for ${fact}`);
    await new Promise((done) => setTimeout(done, 2));
  }
}
