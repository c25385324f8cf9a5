import { type Attempt, createWireClient, type TransportName, type WireClient } from '@everywire/client';
import type { Verdict } from '@everywire/protocol';
import { createFaultProxy, type Fault, type FaultProxy } from '@everywire/testkit';
import { contentOf, type Faultless, judge, MESSAGES_EACH_WAY, UNDER_WAY } from './numbered-content.js';
import { NumberedServer, type NumberedServerOptions } from './numbered-server.js';

/** Far above what a run needs (2 s, mostly less): a busy machine must not look like a lost message. */
const DEADLINE_MS = 50_000;
export const TEST_TIMEOUT_MS = 60_000;

export interface ConversationOptions extends NumberedServerOptions {
  /** Active from the first connection on. */
  readonly faults?: readonly Fault[];
  /** A client other than the package's own. */
  readonly createClient?: (url: string, transports: readonly TransportName[]) => WireClient;
  /** Inserts something between the fault proxy and the server. @returns the port it listens on */
  readonly before?: (serverPort: number) => Promise<number>;
}

/** What both ends observed in total. */
export interface Outcome {
  readonly up: Faultless;
  readonly down: Faultless;
  readonly sessions: number;
  readonly client: Pick<Verdict, 'clean' | 'unknown'> | null;
  readonly server: Pick<Verdict, 'clean' | 'unknown'> | null;
}

/**
 * Runs a real client and a real server with the fault proxy between them, and 200 numbered messages each way. Each end
 * sends its next message when it has received one, so that the traffic stops and resumes with the network.
 */
export class Conversation {
  readonly proxy: FaultProxy;
  readonly client: WireClient;
  readonly down: (string | Uint8Array)[] = [];
  /** Every transport the client used, in order, one per change. */
  readonly transports: TransportName[] = [];
  /** Every failed attempt of the client. */
  attempts: readonly Attempt[] = [];
  readonly #server: NumberedServer;
  readonly #plans: { readonly when: () => boolean; readonly act: () => void }[] = [];
  #sent = 0;
  #wake: () => void = () => undefined;

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

  get up(): readonly (string | Uint8Array)[] {
    return this.#server.up;
  }

  /** Every address requested from the server. */
  get urls(): readonly string[] {
    return this.#server.urls;
  }

  /** Does something once, as soon as this many messages arrived on both sides together. */
  at(messages: number, act: () => void): this {
    return this.when(() => this.up.length + this.down.length >= messages, act);
  }

  /** Does something once, as soon as a condition holds; checked after every message and every change of status. */
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

  /** In a later tick: a plan may close what is being read. */
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

/** The promised outcome: everything both ways, in one session, and nothing unknown at its end. */
export const asPromised: Outcome = {
  up: nothingWrong,
  down: nothingWrong,
  sessions: 1,
  client: { clean: true, unknown: 0 },
  server: { clean: true, unknown: 0 },
};
