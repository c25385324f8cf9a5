// Over 300 lines: one run from its seed to its result, with both applications.
import type { Verdict } from '@everywire/protocol';
import {
  type ClientIo,
  type ClientLinkView,
  ClientRecorder,
  ClientSession,
  ClientStart,
  Message,
  RecordingBuffer,
  type ServerSession,
  type Transport,
} from '@everywire/protocol/internal';
import { accepts, isLate, isOver, isSame } from './accepts.js';
import { Census } from './census.js';
import { checkBody, checkDrained, checkEnd, checkStep, markStep, type Violation } from './checks.js';
import { Contents, makeAlike } from './contents.js';
import { disturb, race } from './disturb.js';
import { HandOver, marked } from './hand-over.js';
import { Network } from './network.js';
import { pauseOf } from './pause.js';
import { bufferMessages, createProfile, faultsEnd, type Profile, windowMessages } from './profile.js';
import { createRandom, type Random } from './random.js';
import { Renewals } from './renewals.js';
import { Rollback } from './rollback.js';
import { createResult, type RunOptions, type RunResult } from './run-result.js';
import { everything, type NodeOutputs, pollApartMs, type ServerApplication, ServerNode } from './server-node.js';
import { blindTransports, transports } from './transports.js';
import { VirtualClock } from './virtual-clock.js';
import { type Ends, isMessage } from './wire.js';

/** The client's application: its sent messages, its received ones (`got`), and of these the ones not processed yet (`queue`). */
interface ClientApplication {
  readonly sent: Message[];
  readonly got: Message[];
  readonly queue: Message[];
}

/** Runs a real client and server of one session over a simulated network with random faults, and checks the rules after every step. */
export class Simulation {
  readonly seed: number;
  readonly clock = new VirtualClock();
  readonly profile: Profile;
  /** Has two stages, as in a page. The second, `ClientSession`, takes over at some moment; tasks that need it wait in `#waiting`. */
  client: ClientStart | ClientSession;
  readonly recorder: ClientRecorder | null;
  readonly nodes: ServerNode[] = [];
  readonly application: ClientApplication = { sent: [], got: [], queue: [] };
  readonly network: Network;
  readonly renewals: Renewals;
  readonly handOver: HandOver;
  readonly rollback: Rollback = new Rollback(this);
  readonly random: Random;
  /** The links of request bodies that may still be in flight. */
  readonly bodies = new Set<ClientLinkView>();
  clientVerdict: Verdict | undefined;
  serverVerdict: Verdict | undefined;
  rolledBack = false;
  /** Whether the client received anything from the restored server. */
  heardRestored = false;
  misdelivered = false;
  /** When the stream was damaged or the server rolled back, and when the first end gave its verdict. */
  damagedAt = 0;
  noticedAt: number = Number.POSITIVE_INFINITY;
  closedAt: number = Number.POSITIVE_INFINITY;
  readonly resetsSent = new Map<string, number>();
  readonly resetsHeard = new Map<string, number>();
  readonly trace: ((line: string) => void) | undefined;
  readonly #contents = new Contents();
  readonly #sentAt = new Map<Message, number>();
  readonly latencies: number[] = [];
  /** The written messages, each once; and the bytes of all writes, including repeated ones. */
  readonly written = new Set<Message>();
  bytesWritten = 0;
  readonly census = new Census();
  mode: Transport;
  readonly #waiting: ((session: ClientSession) => void)[] = [];
  #clientTimer = 0;
  /** The times at which the applications have processed all messages that they have received. */
  #clientBusyUntil = 0;
  #serverBusyUntil = 0;
  lastSaidAt = 0;
  endedAt = 0;
  /** When the last short poll was accepted, by the `got` array of the application, which moves to another node with it. */
  readonly #polledAt = new Map<readonly Message[], number>();
  readonly #ticks = new Map<ServerSession, number>();
  broken: string | undefined;
  #steps = 0;

  constructor(seed: number, options: RunOptions = {}) {
    this.seed = seed;
    this.random = createRandom(seed);
    this.profile = { ...createProfile(this.random, createRandom(seed + 2e6)), ...options.profile };
    this.renewals = new Renewals(this, createRandom(seed + 3e6));
    this.handOver = new HandOver(this, createRandom(seed + 4e6));
    const { trace } = options;
    if (trace) this.trace = (line) => trace(`${this.clock.now} ${line}`);
    this.trace?.(JSON.stringify(this.profile));
    this.network = new Network(this, this.#ends(), this.trace);
    this.mode = this.pickTransport();
    const names = this.profile.twoNodes || this.profile.handOver !== 'never' ? ['a', 'b'] : ['a'];
    const up = { messages: windowMessages, bytes: 16_384 };
    const down = { messages: windowMessages, bytes: this.profile.windowBytes };
    const { heartbeatMs } = this.profile;
    const heartbeats = { heartbeatMs, heartbeatHiddenMs: heartbeatMs * 2 };
    const registry = {
      limits: { batchMessagesMax: 8, batchBytesMax: 2000, messageBytesMax: 8192, up, down, ...heartbeats },
      buffers: { bufferMessagesMax: bufferMessages, bufferBytesMax: 1_000_000 },
      times: { lifeMs: 40_000, renewBeforeMs: 1000, renewAgainMs: 500 },
      earlyAtOnce: this.profile.earlyAtOnce,
    };
    const { instance = 1, recorded } = options;
    const ids = instance === 1 ? '' : `-${instance}-`;
    const nodeOptions = { ...registry, paced: this.profile.everyMs > 0, ids, recorded };
    for (const [index, name] of names.entries())
      this.nodes.push(new ServerNode(name, nodeOptions, this.outputs(index), this.profile.rollback));
    const io = this.#clientIo();
    const startOptions = { instance, buffers: registry.buffers };
    const create = (): ClientStart => new ClientStart(io, startOptions);
    this.recorder = recorded
      ? new ClientRecorder(() => this.clock.now, registry.buffers, new RecordingBuffer(everything))
      : null;
    const start = this.recorder?.start(io, create) ?? create();
    this.client = start;
    const adopt = (): void => {
      this.client = ClientSession.adopt(start, io, this.clock.now);
      this.recorder?.adopted(this.client, io);
      this.client.manager.requests.allow();
      this.trace?.('adopted');
      for (const task of this.#waiting) this.whole(task);
      this.whole((client) => client.flush(this.clock.now));
    };
    // A separate generator, so that this does not change the other random values of a seed.
    const delay = createRandom(seed + 1e6);
    if (this.mode.kind !== 'duplex' || delay.chance(0.5)) adopt();
    else {
      this.census.count('second stage late');
      this.clock.at(delay.below(delay.chance(0.1) ? 3000 : 300), () => this.do(adopt));
    }
  }

  run(): RunResult {
    this.begin();
    while (this.goesOn) this.step();
    return this.finish();
  }

  /** Whether the run has further steps. It ends at the latest after 170 virtual seconds. */
  get goesOn(): boolean {
    return !this.clock.idle && !this.broken && this.clock.now < 170_000 && !(this.client.flow.done && this.#over);
  }

  step(): void {
    this.clock.step();
    this.#steps += 1;
    if (this.#steps > 500_000) this.break(`livelock at ${this.clock.now}`);
  }

  finish(): RunResult {
    if (!this.broken) this.broken = checkEnd(this);
    return createResult(this);
  }

  /** The server's application of the confirmed session; `undefined` if no node has one. */
  get server(): ServerApplication | undefined {
    return this.nodes[0]?.application ?? this.nodes[1]?.application;
  }

  pickTransport(): Transport {
    const { only, blind } = this.profile;
    const all = blind ? blindTransports : transports;
    return only ? (all.find(({ kind }) => kind === only) as Transport) : this.random.pick(all);
  }

  /** Records the first violation, which ends the run. No-op for `undefined`. */
  break(what: Violation): void {
    if (!what || this.broken) return;
    this.broken = what;
    this.trace?.(`BROKEN ${what}`);
  }

  /** Whether neither the client's timer nor the server has anything left to do. */
  get #over(): boolean {
    return (
      !(this.client instanceof ClientSession && this.client.manager.nextTickAt < Number.POSITIVE_INFINITY) &&
      (this.serverVerdict !== undefined || !this.server)
    );
  }

  begin(): void {
    const { clock, random, profile } = this;
    for (let k = 0; k < profile.early; k += 1) this.#say('client');
    this.do(() => this.client.start(clock.now));
    if (random.chance(0.4)) clock.at(150, () => race(this));
    clock.at(1, () => this.#talk());
    clock.at(500, () => disturb(this));
    clock.at(faultsEnd, () => this.do(() => this.network.heal()));
    this.handOver.plan();
    this.rollback.plan();
    if (profile.outageMs) clock.at(profile.outageAt, () => this.network.startOutage(profile.outageMs));
    // With short polls or small bodies, each request carries few messages, so a full buffer takes longer to drain.
    const paused = profile.everyMs + profile.bodyBytesMax > 0 ? 30_000 : 0;
    const drained =
      Math.max(faultsEnd, profile.outageAt + profile.outageMs) + 12_000 + 3 * profile.heartbeatMs + paused;
    if (profile.closeEarly) clock.at(profile.closeAt, () => this.#close());
    else clock.at(drained, () => this.#finish());
  }

  #finish(): void {
    this.clock.after(this.profile.sole || this.census.counts.has('held request ended early') ? 60_000 : 0, () => {
      this.break(checkDrained(this));
      this.#close();
    });
  }

  /** Lets the applications send messages, one by one or 20 at once, until the quiet time of the profile. */
  #talk(): void {
    if (this.clock.now > this.profile.quietFrom || this.client.flow.done) return;
    const burst = this.random.chance(0.05) ? 20 : 1;
    for (let k = 0; k < burst; k += 1) this.#say(this.random.pick(['client', 'server']));
    this.clock.after(1 + this.random.below(this.profile.rateMs), () => this.#talk());
  }

  /** Lets an application send one random message, unless the buffer is full. */
  #say(who: 'client' | 'server'): void {
    const { random, profile, server } = this;
    const list = who === 'client' ? this.application.sent : server?.sent;
    const session = who === 'client' ? this.client : server?.session;
    const length = profile.remove || profile.mixed ? 24 : 12 + random.below(random.chance(0.1) ? 8000 : 400);
    if (!list || !session || isOver(session)) return;
    if (!accepts(session, length)) {
      this.census.count('buffer full');
      return;
    }
    const bytes = marked(this.#contents.next(length, random), list.length + 1);
    if (profile.mixed) makeAlike(bytes);
    const { block } = this.#contents;
    // If bodies are limited, messages are sent in parts. A part of a text must be valid text, which random bytes are not.
    const binary = random.chance(0.5) || profile.bodyBytesMax > 0;
    const message = new Message(binary, block, list.length + 1, undefined, bytes.byteOffset, length);
    this.#sentAt.set(message, this.clock.now);
    this.lastSaidAt = this.clock.now;
    this.trace?.(`${who} sends ${message.serial}`);
    this.do(() => {
      if (who === 'server' && server) this.node(server).send(message);
      if (who !== 'client') return;
      const outcome = this.client.send(message);
      if (outcome === 'full') this.break('full, though it would accept');
      else if (outcome !== 'closed') this.application.sent.push(message);
    });
  }

  /** Closes the session at the end that the profile names. Waits while the session is frozen for a hand-over. */
  #close(): void {
    const { server } = this;
    if (server?.session.frozen && !server.session.done) {
      this.clock.after(100, () => this.#close());
      return;
    }
    this.closedAt = this.clock.now;
    const { acked, sent } = this.client.flow;
    if (!this.client.flow.done && server && !server.session.done) {
      if (this.network.faults) this.census.count('close during faults');
      if (acked < sent || server.session.flow.outgoing.acked < server.session.flow.outgoing.sent)
        this.census.count('close with messages in flight');
    }
    this.trace?.(`${this.profile.closer} closes`);
    this.do(() => {
      if (this.profile.closer === 'server' && server) this.node(server).close();
      else this.client.close();
    });
  }

  /** Performs one input to either end, and checks the invariants afterwards. */
  do(step: () => void): void {
    const before = markStep(this);
    try {
      step();
    } catch (error) {
      if (error instanceof ReferenceError) throw error; // A wrong name in a mutant's text, which must not count as a finding.
      this.break(`thrown: ${this.trace && error instanceof Error ? error.stack : error}`);
    }
    this.break(checkStep(this, before));
  }

  /** Performs an input that needs the second stage of the client, as soon as it is there. */
  whole(task: (session: ClientSession) => void): void {
    const { client } = this;
    if (client instanceof ClientSession) this.do(() => task(client));
    else this.#waiting.push(task);
  }

  node(application: ServerApplication): ServerNode {
    return this.nodes.find((node) => node.applications.includes(application)) as ServerNode;
  }

  #ends(): Ends {
    const { clock } = this;
    const owners = new Map<string, ServerNode>();
    // A link reaches any node until it names a session, and then the node that has it. Real nodes would forward it (SN-25).
    const node = (key: string, id?: string): ServerNode => {
      const known = owners.get(key);
      const knows = id === undefined || known?.registry.find(id) || known?.registry.isFormer(id);
      if (known && knows && this.nodes.includes(known)) return known;
      const base = key.split('.')[0] as string;
      const index = id === undefined ? this.#anyNode(base) : this.handOver.nodeOf(id);
      const owner = this.nodes[Math.max(0, index)] as ServerNode;
      owners.set(key, owner);
      return owner;
    };
    return {
      clientOpened: (link, headed) => this.do(() => this.client.linkOpened(link, clock.now, headed)),
      clientItem: (link, item) =>
        this.do(() => {
          this.heardRestored ||= this.rolledBack;
          if (isMessage(item)) this.client.message(link, item, clock.now);
          else if (this.client instanceof ClientSession || !isLate(item))
            this.client.record(link, item as Parameters<ClientSession['record']>[1], clock.now);
        }),
      clientEnded: (link, whole, tooLarge) =>
        this.whole((client) => client.linkEnded(link, whole, clock.now, tooLarge)),
      serverRecord: (key, kind, record, messages) =>
        this.do(() => node(key, 'id' in record ? record.id : undefined).record(key, kind, record, messages, clock.now)),
      serverMessage: (key, message) => this.do(() => node(key).message(key, message, clock.now)),
      serverEnded: (key) => this.do(() => node(key).ended(key, clock.now)),
    };
  }

  /** Returns the node for a link that names no session: the node of the client's session, if it has one, else any. */
  #anyNode(base: string): number {
    const { client } = this;
    const { id } = client;
    if (id) return this.handOver.nodeOf(id);
    return Number(base.slice(1)) % this.nodes.length;
  }

  /** Returns the outputs of a node. What they schedule is ignored after a rollback, because the node is replaced. */
  outputs(index: number): NodeOutputs {
    const { clock, network } = this;
    const generation = this.rollback.generation;
    const mine = (): ServerNode | undefined =>
      generation === this.rollback.generation ? this.nodes[index] : undefined;
    return {
      record: (key, record) => network.writeFromServer(key, [record]),
      messages: (key, messages) => {
        if (this.server?.session.delivery.isSuspended) this.break('written while suspended');
        this.#count(messages);
        network.writeFromServer(key, messages);
      },
      end: (key) => network.endFromServer(key),
      schedule: () => clock.after(0, () => this.do(() => mine()?.flush(clock.now))),
      tickAt: (session, at) => this.#tickServer(mine, session, at),
      delivered: (application, message) => this.#onServerMessage(application, message),
      polled: (application, ms) => this.#onPoll(application, ms),
      token: () => this.renewals.onToken(),
      confirmed: () => this.renewals.onConfirmed(),
      ended: (application, verdict) => {
        this.trace?.(`S ended ${JSON.stringify(verdict)}`);
        this.handOver.onEnded(application, verdict);
        if (!application.confirmed || application.gone) return;
        this.serverVerdict = verdict;
        this.endedAt = clock.now;
        this.noticedAt = Math.min(this.noticedAt, clock.now);
      },
    };
  }

  #tickServer(mine: () => ServerNode | undefined, session: ServerSession, at: number): void {
    const armed = this.#ticks.get(session) ?? Number.POSITIVE_INFINITY;
    if (armed <= at && armed > this.clock.now) return;
    this.#ticks.set(session, at);
    if (at === Number.POSITIVE_INFINITY) return;
    this.clock.at(at, () => {
      const node = mine();
      if (this.#ticks.get(session) !== at || !node || session.done) return;
      this.#ticks.delete(session);
      this.do(() => node.tick(session.id, this.clock.now));
      if (!session.done) this.#tickServer(mine, session, Math.max(session.nextTickAt, this.clock.now + 1));
    });
  }

  #onServerMessage(application: ServerApplication, message: Message): void {
    const expected = this.application.sent[application.got.length - 1];
    if (application.session.delivery.isSuspended || application.session.frozen)
      this.break('delivered while nothing may be');
    this.#delivered('server', message, expected);
    const others = this.nodes
      .flatMap((node) => node.applications)
      .filter((other) => other.got !== application.got && other.got.length > 0);
    // The application has agreed that early messages delivered before the confirmation may arrive in another session too (SN-14).
    const agreed = this.profile.earlyAtOnce && !(application.confirmed && others.some((other) => other.confirmed));
    if (!application.confirmed) this.census.count('early messages delivered immediately');
    if (others.length > 0 && !agreed) this.break('effect in a second session');
    this.settleServer(application);
  }

  /** Checks a short poll that was accepted (`ms` is 0), or came `ms` milliseconds too early (SN-34). */
  #onPoll({ got }: ServerApplication, ms: number): void {
    this.census.count(ms > 0 ? 'poll sent too early' : 'poll answered immediately');
    if (ms > 0) return;
    if (this.clock.now - (this.#polledAt.get(got) ?? -pollApartMs) < pollApartMs) this.break('polled too often');
    this.#polledAt.set(got, this.clock.now);
  }

  settleServer(application: ServerApplication): void {
    this.#serverBusyUntil = Math.max(this.#serverBusyUntil, this.clock.now) + pauseOf(this);
    const generation = this.rollback.generation;
    this.clock.at(this.#serverBusyUntil, () => {
      if (generation === this.rollback.generation) this.do(() => this.node(application).settle(application));
    });
  }

  #delivered(who: string, message: Message, expected: Message | undefined): void {
    this.trace?.(`${who} gets ${message.serial}`);
    this.latencies.push(this.clock.now - (this.#sentAt.get(message) ?? 0));
    if (isSame(message, expected)) return;
    if (!this.misdelivered) this.damagedAt = this.clock.now;
    this.misdelivered = true;
    if (!this.network.removed && !this.network.crossed)
      this.break(`${who} got message ${message.serial}, expected ${expected?.serial}`);
  }

  #count(messages: readonly Message[]): void {
    for (const message of messages) {
      this.bytesWritten += message.byteLength;
      this.written.add(message);
    }
  }

  #clientIo(): ClientIo {
    const { clock, network, application } = this;
    return {
      choose: () => this.mode,
      connect: (link, head, messages) => {
        this.#count(messages);
        if (head) this.break(checkBody(this, link, head));
        network.connect(link, head, messages);
      },
      writeRecord: (link, record) => network.writeFromClient(link, [record]),
      writeMessages: (link, source, first, last) => {
        const messages: Message[] = [];
        for (let number = first; number <= last; number += 1) messages.push(source.messageAt(number));
        this.#count(messages);
        network.writeFromClient(link, messages);
      },
      end: (link) => network.endFromClient(link),
      deliver: (message) => {
        application.got.push(message);
        application.queue.push(message);
        const expected = this.rolledBack ? message : this.server?.sent[application.got.length - 1];
        this.#delivered('client', message, expected);
        this.#clientBusyUntil = Math.max(this.#clientBusyUntil, clock.now) + pauseOf(this);
        clock.at(this.#clientBusyUntil, () =>
          this.do(() => this.client.consumed(application.queue.shift() as Message)),
        );
      },
      ended: (verdict) => {
        this.trace?.(`C ended ${JSON.stringify(verdict)}`);
        this.clientVerdict = verdict;
        this.endedAt = clock.now;
        this.noticedAt = Math.min(this.noticedAt, clock.now);
      },
      drain: () => undefined,
      changed: () => undefined,
      proven: () => undefined,
      everyMs: ({ kind }) => (kind === 'poll' ? this.profile.everyMs : 0),
      failed: (_transport, _proven, reason) => {
        if (reason === 'crowded') this.census.fault('held request ended early', clock.now);
        if (this.random.chance(0.3)) this.mode = this.pickTransport();
      },
      reset: (topic) => this.resetsHeard.set(topic, this.resetsSent.get(topic) ?? 0),
      schedule: () => clock.after(0, () => this.do(() => this.client.flush(clock.now))),
      timer: () => this.#armClient(),
      random: () => this.random(),
      nonce: () => `nonce ${this.random.below(1e9)}`,
      token: () => undefined,
      renew: () => this.renewals.onAsked(),
    };
  }

  #armClient(): void {
    const { client } = this;
    if (!(client instanceof ClientSession)) return;
    const at = client.manager.nextTickAt;
    if (at === Number.POSITIVE_INFINITY) return;
    this.#clientTimer += 1;
    const timer = this.#clientTimer;
    this.clock.at(at, () => {
      if (timer !== this.#clientTimer) return;
      this.do(() => client.tick(this.clock.now));
      // A tick that does not move the time of the next one would run endlessly. A real timer waits at least 1 ms.
      if (client.manager.nextTickAt <= this.clock.now)
        this.clock.after(1, () => timer === this.#clientTimer && this.#armClient());
    });
  }
}

export function simulate(seed: number, options?: RunOptions): RunResult {
  return new Simulation(seed, options).run();
}
