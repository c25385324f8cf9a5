import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWireClient, type TransportName, type WireClient } from '@everywire/client';
import type { Verdict } from '@everywire/protocol';
import { createWireServer, type ServerLimits, type WireServer, type WireSession } from '@everywire/server';
import { createFaultProxy, type Fault, type FaultProxy } from '@everywire/testkit';
import { contentOf, type Faultless, judge } from './numbered-content.js';

export const MESSAGES_EACH_WAY = 200;
/** How many messages either end has under way: few enough that faults fall into the traffic, enough for batches. */
const UNDER_WAY = 12;
const DEADLINE_MS = 25_000;

/** Times that the rules give in seconds, shortened so that a fault is over soon. The rules stay the same. */
const quickLimits: Partial<ServerLimits> = { heartbeatMs: 400, heartbeatHiddenMs: 400, tickMs: 10 };

export interface ConversationOptions {
  /** In force from the first connection on. */
  readonly faults?: readonly Fault[];
  readonly limits?: Partial<ServerLimits>;
}

/**
 * A real client and a real server, the fault proxy between them, and 200 numbered messages each way. Each end sends its next
 * one when it has got one, so that the traffic stands still with the network and goes on with it.
 */
export class Conversation {
  readonly proxy: FaultProxy;
  readonly client: WireClient;
  readonly up: (string | Uint8Array)[] = [];
  readonly down: (string | Uint8Array)[] = [];
  /** Every transport the client was on, in order, one a change. */
  readonly transports: TransportName[] = [];
  /** Every address the server was asked for. */
  readonly urls: readonly string[];
  sessions = 0;
  readonly #http: Server;
  readonly #wire: WireServer;
  readonly #plans: { readonly when: () => boolean; readonly act: () => void }[] = [];
  #session: WireSession | null = null;
  #serverSent = 0;
  #clientSent = 0;
  #verdicts: { client?: Verdict; server?: Verdict } = {};
  #wake: () => void = () => undefined;

  static async start(transports: readonly TransportName[], options: ConversationOptions = {}): Promise<Conversation> {
    const http = createServer((_asked, answer) => answer.writeHead(404).end());
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    const proxy = await createFaultProxy((http.address() as AddressInfo).port);
    for (const fault of options.faults ?? []) proxy.inject(fault);
    return new Conversation(http, proxy, transports, { ...quickLimits, ...options.limits });
  }

  private constructor(
    http: Server,
    proxy: FaultProxy,
    transports: readonly TransportName[],
    limits: Partial<ServerLimits>,
  ) {
    this.#http = http;
    this.proxy = proxy;
    this.#wire = createWireServer({ limits, onSession: (session) => this.#onSession(session) });
    this.#wire.attach(http);
    this.urls = logUrls(http);
    this.client = createWireClient(`http://127.0.0.1:${proxy.port}/everywire`, { transports });
    this.client.binaryType = 'arraybuffer';
    this.client.onmessage = ({ data }) => this.#onDown(typeof data === 'string' ? data : new Uint8Array(data));
    this.client.addEventListener('statuschange', () => this.#onStatus());
    this.client.onclose = () => this.#onStatus();
    for (let ahead = 0; ahead < UNDER_WAY; ahead++) this.#sendUp();
  }

  /** Does something once, as soon as so many messages came in on both sides together. */
  at(messages: number, act: () => void): this {
    return this.when(() => this.up.length + this.down.length >= messages, act);
  }

  /** Does something once, as soon as a fact holds; looked at after every message and every change of status. */
  when(fact: () => boolean, act: () => void): this {
    this.#plans.push({ when: fact, act });
    return this;
  }

  /** All messages of both ways, then a clean close. @throws Error naming what stood where when the deadline passes. */
  async finish(): Promise<void> {
    await this.#until(() => this.up.length >= MESSAGES_EACH_WAY && this.down.length >= MESSAGES_EACH_WAY);
    this.client.close();
    await this.#until(() => this.#verdicts.client !== undefined && this.#verdicts.server !== undefined);
  }

  /** Exactly what was promised, both ways, in one session, and nothing unknown at its end. */
  get outcome(): { up: Faultless; down: Faultless; sessions: number; client: unknown; server: unknown } {
    const { client, server } = this.#verdicts;
    return {
      up: judge(this.up, MESSAGES_EACH_WAY),
      down: judge(this.down, MESSAGES_EACH_WAY),
      sessions: this.sessions,
      client: client && { clean: client.clean, unknown: client.unknown },
      server: server && { clean: server.clean, unknown: server.unknown },
    };
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.proxy.close();
    await this.#wire.close({ deadlineMs: 0 });
    this.#http.closeAllConnections();
    this.#http.close();
  }

  #onSession(session: WireSession): void {
    this.sessions++;
    this.#session = session;
    session.onMessage = (data) => {
      this.up.push(data);
      this.#sendDown();
      this.#look();
    };
    session.onClose = (verdict) => {
      this.#verdicts = { ...this.#verdicts, server: verdict };
      this.#look();
    };
    for (let ahead = 0; ahead < UNDER_WAY; ahead++) this.#sendDown();
  }

  #onDown(data: string | Uint8Array): void {
    this.down.push(data);
    this.#sendUp();
    this.#look();
  }

  #sendUp(): void {
    if (this.#clientSent < MESSAGES_EACH_WAY) this.client.send(contentOf(++this.#clientSent) as string);
  }

  #sendDown(): void {
    if (this.#serverSent < MESSAGES_EACH_WAY) this.#session?.send(contentOf(++this.#serverSent));
  }

  #onStatus(): void {
    const { status, transport } = this.client;
    if (transport && this.transports.at(-1) !== transport) this.transports.push(transport);
    if (status.state === 'closed') this.#verdicts = { ...this.#verdicts, client: status.verdict };
    this.#look();
  }

  /** In a turn of its own: a plan may close what is just being read. */
  #look(): void {
    setImmediate(() => {
      for (const plan of [...this.#plans]) {
        if (!plan.when()) continue;
        this.#plans.splice(this.#plans.indexOf(plan), 1);
        plan.act();
      }
      this.#wake();
    });
  }

  async #until(fact: () => boolean): Promise<void> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#wake();
    }, DEADLINE_MS);
    while (!fact() && !late) {
      await new Promise<void>((done) => {
        this.#wake = done;
      });
    }
    clearTimeout(timer);
    if (!fact()) throw new Error(this.#describe());
  }

  #describe(): string {
    const { status } = this.client;
    const { counters } = this.proxy;
    return `Not done in time: ${JSON.stringify({ up: this.up.length, down: this.down.length, ...this.#verdicts, status, counters })}`;
  }
}

/** Every address asked for from now on. A transport server's requests reach no listener, so that they are seen in `emit`. */
function logUrls(http: Server): readonly string[] {
  const urls: string[] = [];
  const emit = http.emit;
  http.emit = function (this: Server, event: string, ...parts: unknown[]): boolean {
    if (event === 'request' || event === 'upgrade') urls.push((parts[0] as IncomingMessage).url ?? '');
    return Reflect.apply(emit, this, [event, ...parts]);
  } as Server['emit'];
  return urls;
}
