import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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
const quickLimits: Partial<ServerLimits> = { heartbeatMs: 400, heartbeatHiddenMs: 400, tickMs: 10 };

export interface NumberedServerOptions {
  readonly limits?: Partial<ServerLimits>;
  readonly authenticate?: WireServerOptions['authenticate'];
  /** Serves what is not the transport server's. */
  readonly onRequest?: RequestListener;
}

/** A real server that sends 200 numbered messages to the one session it expects: the next one for each that comes. */
export class NumberedServer {
  readonly up: (string | Uint8Array)[] = [];
  /** Every address it was asked for. */
  readonly urls: readonly string[];
  sessions = 0;
  verdict: Verdict | null = null;
  /** After every message and at the session's end. */
  onProgress: () => void = () => undefined;
  readonly #http: Server;
  readonly #wire: WireServer;
  #sent = 0;

  static async start(options: NumberedServerOptions = {}): Promise<NumberedServer> {
    const http = createServer(options.onRequest ?? ((_asked, answer) => answer.writeHead(404).end()));
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    return new NumberedServer(http, options);
  }

  private constructor(http: Server, { limits, authenticate }: NumberedServerOptions) {
    this.#http = http;
    this.#wire = createWireServer({
      limits: { ...quickLimits, ...limits },
      ...(authenticate ? { authenticate } : {}),
      onSession: (session) => this.#onSession(session),
    });
    this.#wire.attach(http);
    this.urls = logAddresses(http);
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await this.#wire.close({ deadlineMs: 0 });
    this.#http.closeAllConnections();
    this.#http.close();
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
    session.onClose = (verdict) => {
      this.verdict = verdict;
      this.onProgress();
    };
    for (let ahead = 0; ahead < UNDER_WAY; ahead++) sendNext();
  }
}
