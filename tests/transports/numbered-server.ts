import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { type AddressInfo, createServer as createNetServer, type Server as NetServer } from 'node:net';
import { createServer as createRawTlsServer, type Server as RawTlsServer } from 'node:tls';
import type { Verdict } from '@everywire/protocol';
import {
  createWireServer,
  type ServerLimits,
  type WireServer,
  type WireServerOptions,
  type WireSession,
} from '@everywire/server';
import { logAddresses } from '@everywire/testkit';
import { contentOf, MESSAGES_EACH_WAY, UNDER_WAY } from './numbered-content.js';

/** Short times, so that the ends notice a fault soon. The defaults are many seconds. */
const quickLimits: Partial<ServerLimits> = { heartbeatMs: 400, heartbeatHiddenMs: 400, tickMs: 10, shortPollMs: 40 };

/** Options of the server. */
export interface NumberedServerOptions {
  readonly limits?: Partial<ServerLimits>;
  readonly authenticate?: WireServerOptions['authenticate'];
  readonly onRawLink?: WireServerOptions['onRawLink'];
  readonly deflate?: boolean;
  readonly origins?: readonly string[];
  readonly jsonp?: boolean;
  /** Serves requests that are not for the transport server. */
  readonly onRequest?: RequestListener;
  /** Default: 127.0.0.1 and any port. */
  readonly listen?: { readonly host: string; readonly port: number };
  /** The certificate and key, PEM: with them it serves https. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/**
 * A real server that sends 200 numbered messages to its only session. It sends the next message for each one that arrives.
 */
export class NumberedServer {
  /** The received messages. */
  readonly up: (string | Uint8Array)[] = [];
  /** Every address requested. */
  readonly urls: string[] = [];
  /** Number of opened sessions. */
  sessions = 0;
  /** The transport in use, according to the session. */
  transport: string | null = null;
  /** How the session ended; `null` while it lasts. */
  verdict: Verdict | null = null;
  /** Called after every message and at the session's end. */
  onProgress: () => void = () => undefined;
  wire: WireServer;
  readonly #options: NumberedServerOptions;
  #ports: Ports;
  #sent = 0;

  static async start(options: NumberedServerOptions = {}): Promise<NumberedServer> {
    const server = new NumberedServer(options);
    await server.#listen(options.listen ?? { host: '127.0.0.1', port: 0 }, 0);
    return server;
  }

  private constructor(options: NumberedServerOptions) {
    this.#options = options;
    this.#ports = createPorts(options);
    this.wire = this.#createWire();
    this.#attach();
  }

  #createWire(): WireServer {
    const { limits, authenticate, onRawLink, deflate, origins, jsonp } = this.#options;
    return createWireServer({
      limits: { ...quickLimits, ...limits },
      ...(authenticate ? { authenticate } : {}),
      ...(onRawLink ? { onRawLink } : {}),
      deflate: deflate ?? false,
      origins: origins ?? [],
      jsonp: jsonp ?? false,
      onSession: (session) => this.#onSession(session),
      onRestore: (session) => this.#serve(session),
    });
  }

  #attach(): void {
    const { http, tcp } = this.#ports;
    this.wire.attach(http);
    this.wire.attachTcp(tcp);
    logAddresses(http, this.urls);
  }

  async #listen({ host, port }: { readonly host: string; readonly port: number }, tcpPort: number): Promise<void> {
    const { http, tcp } = this.#ports;
    await new Promise<void>((done, failed) => http.once('error', failed).listen(port, host, done));
    await new Promise<void>((done) => tcp.listen(tcpPort, '127.0.0.1', done));
  }

  get port(): number {
    return (this.#ports.http.address() as AddressInfo).port;
  }

  get tcpPort(): number {
    return (this.#ports.tcp.address() as AddressInfo).port;
  }

  /** Replaces the server by another on the same ports that takes the session over; for a moment nothing listens. */
  async replace(): Promise<void> {
    const { port, tcpPort } = this;
    const frozen = await this.wire.freeze();
    await this.#close();
    this.wire = this.#createWire();
    this.wire.restore(frozen, { awayMs: 0 });
    this.#ports = createPorts(this.#options);
    this.#attach();
    const { host } = this.#options.listen ?? { host: '127.0.0.1' };
    await this.#listen({ host, port }, tcpPort);
  }

  /** Uses another certificate for connections from now on. */
  setTls(tls: NonNullable<NumberedServerOptions['tls']>): void {
    const { http, tcp } = this.#ports;
    (http as TlsServer).setSecureContext(tls);
    (tcp as RawTlsServer).setSecureContext(tls);
  }

  async stop(): Promise<void> {
    await this.#close();
  }

  async #close(): Promise<void> {
    await this.wire.close({ deadlineMs: 0 });
    const { http, tcp } = this.#ports;
    const closed = [http, tcp].map((server) => new Promise((done) => server.close(done)));
    http.closeAllConnections();
    await Promise.all(closed);
  }

  #onSession(session: WireSession): void {
    this.sessions++;
    this.#serve(session);
    for (let ahead = 0; ahead < UNDER_WAY; ahead++) this.#sendNext(session);
  }

  #sendNext(session: WireSession): void {
    if (this.#sent < MESSAGES_EACH_WAY) session.send(contentOf(++this.#sent));
  }

  #serve(session: WireSession): void {
    session.onMessage = (data) => {
      this.up.push(data);
      this.#sendNext(session);
      this.onProgress();
    };
    session.onTransport = (transport) => {
      this.transport = transport;
    };
    session.onClose = (verdict) => {
      this.verdict = verdict;
      this.onProgress();
    };
  }
}

interface Ports {
  readonly http: Server;
  readonly tcp: NetServer;
}

function createPorts({ onRequest, tls }: NumberedServerOptions): Ports {
  const answer: RequestListener = onRequest ?? ((_request, answer) => answer.writeHead(404).end());
  return {
    http: tls ? createTlsServer(tls, answer) : createServer(answer),
    tcp: tls ? createRawTlsServer(tls) : createNetServer(),
  };
}
