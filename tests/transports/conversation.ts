import { type Attempt, createWireClient, type TransportName, type WireClient } from '@everywire/client';
import type { Verdict } from '@everywire/protocol';
import { createFaultProxy, type Fault, type FaultProxy } from '@everywire/testkit';
import { contentOf, type Faultless, judge, MESSAGES_EACH_WAY, UNDER_WAY } from './numbered-content.js';
import { NumberedServer, type NumberedServerOptions } from './numbered-server.js';

/** How long to wait for all messages. A run needs less than 2 s, but a slow machine must not look like a lost message. */
const DEADLINE_MS = 50_000;
/** The timeout of a test with such a conversation. */
export const TEST_TIMEOUT_MS = 60_000;

/** Options of a conversation and of its server. */
export interface ConversationOptions extends NumberedServerOptions {
  /** Faults of the network that are active from the beginning. */
  readonly faults?: readonly Fault[];
  /** A client other than the package's own. */
  readonly createClient?: (url: string, transports: readonly TransportName[]) => WireClient;
  /** Starts something between the fault proxy and the server, and returns its port. */
  readonly before?: (serverPort: number) => Promise<number>;
}

/** What both ends have observed at the end. */
export interface Outcome {
  /** Faults among the messages that the server received. */
  readonly up: Faultless;
  /** Faults among the messages that the client received. */
  readonly down: Faultless;
  /** Number of sessions that the server opened. */
  readonly sessions: number;
  readonly client: Pick<Verdict, 'clean' | 'unknown'> | null;
  readonly server: Pick<Verdict, 'clean' | 'unknown'> | null;
}

/**
 * A real client and a real server that exchange 200 numbered messages in each direction, through a proxy that injects
 * network faults. Each end sends its next message when it has received one, so that the traffic stops and resumes with the
 * network.
 */
export class Conversation {
  readonly proxy: FaultProxy;
  readonly client: WireClient;
  /** The messages that the client has received. */
  readonly down: (string | Uint8Array)[] = [];
  /** Every transport the client used, in order, one per change. */
  readonly transports: TransportName[] = [];
  /** Every failed attempt of the client. */
  attempts: readonly Attempt[] = [];
  readonly #server: NumberedServer;
  /** Actions that wait for their conditions. */
  readonly #plans: { readonly when: () => boolean; readonly act: () => void }[] = [];
  #sent = 0;
  #wake: () => void = () => undefined;

  /** Starts the server, the proxy and a client that is restricted to these transports. */
  static async start(transports: readonly TransportName[], options: ConversationOptions = {}): Promise<Conversation> {
    const server = await NumberedServer.start(options);
    const proxy = await createFaultProxy((await options.before?.(server.port)) ?? server.port, server.tcpPort);
    for (const fault of options.faults ?? []) proxy.inject(fault);
    return new Conversation(server, proxy, transports, options.createClient);
  }

  private constructor(
    server: NumberedServer,
    proxy: FaultProxy,
    transports: readonly TransportName[],
    create: ConversationOptions['createClient'],
  ) {
    this.#server = server;
    this.proxy = proxy;
    server.onProgress = () => this.#runPlans();
    const tcp = `tcp://127.0.0.1:${proxy.tcpPort}`;
    const url = `http://127.0.0.1:${proxy.port}/everywire`;
    this.client = create?.(url, transports) ?? createWireClient(url, { transports, tcp, shortPollMs: 80 });
    this.client.binaryType = 'arraybuffer';
    this.client.onmessage = ({ data }) => {
      this.down.push(typeof data === 'string' ? data : new Uint8Array(data));
      this.#sendNext();
      this.#runPlans();
    };
    this.client.addEventListener('statuschange', () => {
      const { transport, status } = this.client;
      if ('attempts' in status) this.attempts = status.attempts;
      if (transport && this.transports.at(-1) !== transport) this.transports.push(transport);
      this.#runPlans();
    });
    for (let ahead = 0; ahead < UNDER_WAY; ahead++) this.#sendNext();
  }

  /** The messages that the server has received. */
  get up(): readonly (string | Uint8Array)[] {
    return this.#server.up;
  }

  /** Every address requested from the server. */
  get urls(): readonly string[] {
    return this.#server.urls;
  }

  /** Does something once, as soon as this many messages have arrived at both ends together. */
  at(messages: number, act: () => void): this {
    return this.when(() => this.up.length + this.down.length >= messages, act);
  }

  /** Does something once, as soon as a condition holds. Checked after every message and every change of status. */
  when(fact: () => boolean, act: () => void): this {
    this.#plans.push({ when: fact, act });
    return this;
  }

  /**
   * Waits for all messages of both ways, then closes cleanly.
   *
   * @throws Error with the progress of both ends at the deadline
   */
  async finish(): Promise<void> {
    await this.#until(() => this.up.length >= MESSAGES_EACH_WAY && this.down.length >= MESSAGES_EACH_WAY);
    this.client.close();
    await this.#until(() => this.client.readyState === 3 && this.#server.verdict !== null);
  }

  get outcome(): Outcome {
    const { status } = this.client;
    const short = (verdict: Verdict | null): Outcome['client'] =>
      verdict && { clean: verdict.clean, unknown: verdict.unknown };
    return {
      up: judge(this.up),
      down: judge(this.down),
      sessions: this.#server.sessions,
      client: short(status.state === 'closed' ? status.verdict : null),
      server: short(this.#server.verdict),
    };
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.proxy.close();
    await this.#server.stop();
  }

  #sendNext(): void {
    if (this.#sent < MESSAGES_EACH_WAY) this.client.send(contentOf(++this.#sent) as string);
  }

  /** Runs actions whose condition holds, in a later tick, because an action may close a connection that is being read. */
  #runPlans(): void {
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
    const { verdict } = this.#server;
    const standing = { up: this.up.length, down: this.down.length, verdict, status, counters: this.proxy.counters };
    return `Not done in time: ${JSON.stringify(standing)}`;
  }
}

const nothingWrong: Faultless = { received: MESSAGES_EACH_WAY, lost: 0, repeated: 0, outOfOrder: 0, altered: 0 };

/** The required outcome: all messages arrived in both directions, in one session, which ended cleanly. */
export const asPromised: Outcome = {
  up: nothingWrong,
  down: nothingWrong,
  sessions: 1,
  client: { clean: true, unknown: 0 },
  server: { clean: true, unknown: 0 },
};
