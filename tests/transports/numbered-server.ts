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

/** Times that the rules give in seconds, shortened so that a fault is over soon. The rules stay the same. */
const quickLimits: Partial<ServerLimits> = { heartbeatMs: 400, heartbeatHiddenMs: 400, tickMs: 10, shortPollMs: 40 };

export interface NumberedServerOptions {
  readonly limits?: Partial<ServerLimits>;
  readonly authenticate?: WireServerOptions['authenticate'];
  readonly onRawLink?: WireServerOptions['onRawLink'];
  readonly deflate?: boolean;
  readonly origins?: readonly string[];
  readonly jsonp?: boolean;
  /** Serves what is not the transport server's. */
  readonly onRequest?: RequestListener;
  /** Default: 127.0.0.1 and any port. */
  readonly listen?: { readonly host: string; readonly port: number };
  /** Certificate and key, PEM: then it serves https. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** A real server that sends 200 numbered messages to the one session it expects: the next one for each that comes. */
export class NumberedServer {
  readonly up: (string | Uint8Array)[] = [];
  /** Every address it was asked for. */
  readonly urls: readonly string[];
  sessions = 0;
  /** What is written to now, as the session says. */
  transport: string | null = null;
  verdict: Verdict | null = null;
  /** After every message and at the session's end. */
  onProgress: () => void = () => undefined;
  readonly wire: WireServer;
  readonly #http: Server;
  readonly #tcp: NetServer;
  #sent = 0;

  static async start(options: NumberedServerOptions = {}): Promise<NumberedServer> {
    const onRequest = options.onRequest ?? ((_asked, answer) => answer.writeHead(404).end());
    const http = options.tls ? createTlsServer(options.tls, onRequest) : createServer(onRequest);
    const { host, port } = options.listen ?? { host: '127.0.0.1', port: 0 };
    await new Promise<void>((done, failed) => http.once('error', failed).listen(port, host, done));
    const tcp = options.tls ? createRawTlsServer(options.tls) : createNetServer();
    await new Promise<void>((done) => tcp.listen(0, '127.0.0.1', done));
    return new NumberedServer(http, tcp, options);
  }

  private constructor(
    http: Server,
    tcp: NetServer,
    { limits, authenticate, onRawLink, deflate, origins, jsonp }: NumberedServerOptions,
  ) {
    this.#http = http;
    this.#tcp = tcp;
    this.wire = createWireServer({
      limits: { ...quickLimits, ...limits },
      ...(authenticate ? { authenticate } : {}),
      ...(onRawLink ? { onRawLink } : {}),
      deflate: deflate ?? false,
      origins: origins ?? [],
      jsonp: jsonp ?? false,
      onSession: (session) => this.#onSession(session),
    });
    this.wire.attach(http);
    this.wire.attachTcp(tcp);
    this.urls = logAddresses(http);
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  get tcpPort(): number {
    return (this.#tcp.address() as AddressInfo).port;
  }

  /** Another certificate for connections from now on. */
  setTls(tls: NonNullable<NumberedServerOptions['tls']>): void {
    (this.#http as TlsServer).setSecureContext(tls);
    (this.#tcp as RawTlsServer).setSecureContext(tls);
  }

  async stop(): Promise<void> {
    await this.wire.close({ deadlineMs: 0 });
    this.#http.closeAllConnections();
    this.#http.close();
    this.#tcp.close();
  }

  #onSession(session: WireSession): void {
    this.sessions++;
    const sendNext = (): void => {
      if (this.#sent < MESSAGES_EACH_WAY) session.send(contentOf(++this.#sent));
    };
    session.onMessage = (data) => {
      this.up.push(data);
      sendNext();
      this.onProgress();
    };
    session.onTransport = (transport) => {
      this.transport = transport;
    };
    session.onClose = (verdict) => {
      this.verdict = verdict;
      this.onProgress();
    };
    for (let ahead = 0; ahead < UNDER_WAY; ahead++) sendNext();
  }
}
