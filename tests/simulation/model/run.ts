// Over 300 lines: one run from its first byte to its verdict.
import type { Verdict } from '@everywire/protocol';
import {
  type AttachRecord,
  type ClientIo,
  type ClientLinkView,
  ClientSession,
  type Message,
  messageFromBytes,
  messageFromText,
  type ServerLink,
  type ServerSession,
  SessionRegistry,
  type Transport,
} from '@everywire/protocol/internal';
import { VirtualClock } from '../session/virtual-clock.js';
import { isMessage, type TransportName, transportKinds, type Way, Wire } from './wire.js';

/**
 * The only fault of a run: the link with the index `carrier` is cut after `at` bytes in one direction, or all links are
 * cut after a number of steps.
 */
export type Cut = { readonly carrier: number; readonly way: Way; readonly at: number } | { readonly step: number };

/** The ends that learn of the cut immediately. Another end finds out only by its timers. */
export type NotifiedEnds = 'both' | 'client' | 'server';

/** A session of one run. */
export interface Scenario {
  readonly from: TransportName;
  /** The transport that the session switches to; absent if it does not switch. */
  readonly to?: TransportName;
  readonly cut?: Cut;
  readonly notified: NotifiedEnds;
  /** Whether the server ignores the record in an opening handshake, as older servers do (SN-40). */
  readonly older?: boolean;
}

/** The result of one run. */
export interface Outcome {
  /** A description of the violated guarantee; `undefined` if there is none. */
  readonly broken: string | undefined;
  /** Number of bytes written to each link in each direction, in the order of opening. */
  readonly carriers: readonly Readonly<Record<Way, number>>[];
  readonly steps: number;
}

/** The messages of one direction: a text that begins like a record, a text with line ends, and a binary message. */
const contents = (name: string): readonly Message[] => [
  messageFromText(`\0${name} é`, 1),
  messageFromText(`${name}\u2028\r\n"`, 2),
  messageFromBytes(Uint8Array.of(0, 255, name.charCodeAt(0)), 3),
];
/** The delay of a delivery in virtual milliseconds. */
const delayMs = 1;
/**
 * The virtual milliseconds at which messages are sent, the transport is switched, and the session is closed. So close that
 * these interleave.
 */
const plan = { up: [0, 12, 16], down: [10, 14, 18], switchAt: 13, closeAt: 24 };
/** The virtual time by which both ends must have their verdict. */
const outcomesBy = 60_000;
/** The least milliseconds between two short polls, which the server answers immediately. */
const pollApartMs = 250;

/** One session of the real client and server over real bytes, with at most one cut. */
export class Run {
  readonly #clock = new VirtualClock();
  readonly #scenario: Scenario;
  readonly #wires: Wire[] = [];
  /** The links that are open. */
  readonly #alive = new Set<Wire>();
  readonly #byLink = new Map<ClientLinkView, Wire>();
  readonly #serverLinks = new Map<Wire, ServerLink>();
  readonly #registry: SessionRegistry;
  readonly #client: ClientSession;
  #session: ServerSession | undefined;
  #transport: Transport;
  #timer = 0;
  #serverTick = Number.POSITIVE_INFINITY;
  readonly #upSent = contents('up');
  readonly #downSent = contents('down');
  readonly #upGot: Message[] = [];
  readonly #downGot: Message[] = [];
  #sentDown = 0;
  readonly #verdicts: { client?: Verdict; server?: Verdict } = {};
  #steps = 0;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#transport = transportOf(scenario.from);
    this.#registry = new SessionRegistry({
      schedule: () => this.#clock.after(0, () => this.#registry.flush(this.#clock.now)),
      sooner: (session) => this.#armServer(session.nextTickAt),
      id: () => 'secret',
    });
    this.#client = new ClientSession(this.#clientIo(), { instance: 1 });
    this.#client.manager.requests.allow();
  }

  run(): Outcome {
    const { up, down, switchAt, closeAt } = plan;
    const { to } = this.#scenario;
    up.forEach((at, k) => {
      this.#clock.at(at, () => this.#client.send(this.#upSent[k] as Message));
    });
    this.#clock.at(0, () => this.#client.start(this.#clock.now));
    down.forEach((at, k) => {
      this.#clock.at(at, () => this.#sendDown(k));
    });
    if (to) this.#clock.at(switchAt, () => this.#switch(transportOf(to)));
    this.#clock.at(closeAt, () => this.#close());
    const { client, server } = this.#verdicts;
    let broken: string | undefined;
    try {
      this.#steps = this.#go();
      broken = client || server ? 'a verdict before the first step' : this.#judge();
    } catch (error) {
      broken = error instanceof Error ? `thrown: ${error.message}` : String(error);
    }
    return { broken, carriers: this.#wires.map(({ written }) => written), steps: this.#steps };
  }

  /** Runs all steps, cuts where the scenario says, and returns the number of steps. */
  #go(): number {
    const { cut } = this.#scenario;
    let steps = 0;
    while (!this.#clock.idle && this.#clock.now < outcomesBy) {
      this.#clock.step();
      steps += 1;
      if (cut && 'step' in cut && cut.step === steps) for (const wire of [...this.#alive]) this.#cut(wire);
      if (this.#verdicts.client && this.#verdicts.server) break;
    }
    return steps;
  }

  /** Returns what is wrong with the delivered messages or the verdicts; `undefined` if nothing is. */
  #judge(): string | undefined {
    const { client, server } = this.#verdicts;
    const texts = (list: readonly Message[]): string =>
      JSON.stringify(list.map((message) => (message.binary ? [...message.bytes] : message.text)));
    if (texts(this.#upGot) !== texts(this.#upSent)) return `up: ${texts(this.#upGot)}`;
    if (texts(this.#downGot) !== texts(this.#downSent)) return `down: ${texts(this.#downGot)}`;
    if (!client || !server) return `no verdict: client ${client?.code}, server ${server?.code}`;
    return client.clean && server.clean ? undefined : `client ${client.code}, server ${server.code}`;
  }

  // ---- the applications

  /** Sends message `k` of the server. Waits until the session is confirmed and the earlier messages are sent. */
  #sendDown(k: number): void {
    if (!this.#session?.delivery.isConfirmed || this.#sentDown < k) {
      this.#clock.after(1, () => this.#sendDown(k));
      return;
    }
    this.#sentDown += 1;
    this.#session.send(this.#downSent[k] as Message);
  }

  #switch(to: Transport): void {
    this.#transport = to;
    if (this.#client.id) this.#client.switchTo(to, this.#clock.now);
    else this.#clock.after(1, () => this.#switch(to));
  }

  #close(): void {
    if (this.#sentDown < this.#downSent.length) this.#clock.after(1, () => this.#close());
    else this.#client.close();
  }

  // ---- the carriers

  #connect(link: ClientLinkView): Wire {
    const wire: Wire = new Wire(link, this.#wires.length, {
      toClient: (item) => {
        if (isMessage(item)) this.#client.message(link, item, this.#clock.now);
        else this.#client.record(link, item, this.#clock.now);
      },
      toServer: (record, messages) => {
        const server = this.#serverLink(wire);
        if (record.t === 'open')
          this.#registry.open(server, record, messages, (one) => this.#accept(one), this.#clock.now);
        else if (record.t === 'attach' && link.transport?.name === 'short-poll') this.#poll(server, record, messages);
        else server.record(record, messages, this.#clock.now);
        this.#armServer(this.#session?.nextTickAt ?? Number.POSITIVE_INFINITY);
      },
      messageToServer: (message) => this.#serverLink(wire).message(message, this.#clock.now),
    });
    this.#wires.push(wire);
    this.#alive.add(wire);
    this.#byLink.set(link, wire);
    return wire;
  }

  /** Receives a short poll. One that comes too early is answered by `wait` (SN-34). */
  #poll(link: ServerLink, record: AttachRecord, messages: readonly Message[]): void {
    const { now } = this.#clock;
    const ms = this.#session?.takePoll(pollApartMs, now) ?? 0;
    if (ms === 0) {
      link.record({ ...record, prompt: true }, messages, now);
      return;
    }
    link.io.writeRecord({ t: 'wait', ms });
    link.end('done', now);
  }

  #serverLink(wire: Wire): ServerLink {
    const known = this.#serverLinks.get(wire);
    if (known) return known;
    const { kind, transport } = wire.link;
    const link = this.#registry.link(kind, transport?.name ?? 'post', {
      writeRecord: (record) => this.#send(wire, 'down', wire.encodeDown(record)),
      writeMessages: (source, first, last) => {
        for (let number = first; number <= last; number += 1)
          this.#send(wire, 'down', wire.encodeDown(source.messageAt(number)));
      },
      end: () => this.#clock.after(delayMs, () => this.#endedByServer(wire)),
    });
    this.#serverLinks.set(wire, link);
    return link;
  }

  /** Accepts a new session with a simulated application, which processes each message immediately. */
  #accept(session: ServerSession): ReturnType<Parameters<SessionRegistry['open']>[3]> {
    this.#session = session;
    return {
      begun: () => undefined,
      confirmed: () => undefined,
      recall: () => [],
      token: () => undefined,
      deliver: (message) => {
        this.#upGot.push(message);
        this.#clock.after(0, () => session.consumed(message));
      },
      ended: (verdict) => {
        this.#verdicts.server = verdict;
      },
      drain: () => undefined,
      changed: () => undefined,
    };
  }

  /** Delivers bytes. Cuts the link within them or at their end, if the scenario says so. Calls `then` if all have arrived. */
  #send(wire: Wire, way: Way, bytes: Uint8Array, then?: () => void): void {
    if (!this.#alive.has(wire)) return;
    const { cut } = this.#scenario;
    const before = wire.written[way];
    wire.written[way] += bytes.length;
    const isCutHere =
      cut && 'carrier' in cut && cut.carrier === wire.index && cut.way === way && cut.at <= wire.written[way];
    const arriving = isCutHere ? bytes.subarray(0, cut.at - before) : bytes;
    this.#clock.after(delayMs, () => {
      if (!this.#alive.has(wire)) return;
      if (arriving.length > 0) {
        if (way === 'up') wire.feedUp(arriving);
        else wire.feedDown(arriving);
        if (way === 'down') this.#client.flush(this.#clock.now);
      }
      if (arriving.length === bytes.length) then?.();
      if (isCutHere) this.#cut(wire);
    });
  }

  #cut(wire: Wire): void {
    if (!this.#alive.delete(wire)) return;
    const { notified } = this.#scenario;
    if (notified !== 'server') this.#clock.after(delayMs, () => this.#clientEnded(wire, false));
    if (notified !== 'client') this.#clock.after(delayMs, () => this.#serverLinks.get(wire)?.ended(this.#clock.now));
  }

  /** Ends a link whose answer is complete. */
  #endedByServer(wire: Wire): void {
    if (!this.#alive.delete(wire)) return;
    wire.answerCame();
    this.#clientEnded(wire, true);
  }

  #clientEnded(wire: Wire, whole: boolean): void {
    if (this.#byLink.delete(wire.link)) this.#client.linkEnded(wire.link, whole, this.#clock.now);
  }

  // ---- the client's outputs

  #clientIo(): ClientIo {
    const nothing = (): void => undefined;
    return {
      choose: () => this.#transport,
      connect: (link, head, messages) => {
        const wire = this.#connect(link);
        if (link.kind !== 'duplex') {
          if (head) this.#send(wire, 'up', wire.request(head, messages), () => wire.requestCame());
          return;
        }
        const headed = head !== undefined && !this.#scenario.older;
        this.#clock.after(2 * delayMs, () => {
          if (this.#alive.has(wire)) this.#client.linkOpened(link, this.#clock.now, headed);
        });
        if (headed) this.#send(wire, 'up', wire.encodeUp(head));
      },
      writeRecord: (link, record) => this.#sendUp(link, record),
      writeMessages: (link, source, first, last) => {
        for (let number = first; number <= last; number += 1) this.#sendUp(link, source.messageAt(number));
      },
      end: (link) => {
        const wire = this.#byLink.get(link);
        this.#byLink.delete(link);
        // The server learns of the end after everything that was written before.
        if (wire)
          this.#clock.after(delayMs, () => {
            if (this.#alive.delete(wire)) this.#serverLinks.get(wire)?.ended(this.#clock.now);
          });
      },
      deliver: (message) => {
        this.#downGot.push(message);
        this.#clock.after(0, () => this.#client.consumed(message));
      },
      ended: (verdict) => {
        this.#verdicts.client = verdict;
      },
      drain: nothing,
      changed: nothing,
      everyMs: ({ name }) => (name === 'short-poll' ? 2000 : 0),
      proven: nothing,
      failed: nothing,
      reset: nothing,
      schedule: () => this.#clock.after(0, () => this.#client.flush(this.#clock.now)),
      timer: () => this.#armClient(),
      random: () => 0.5,
      nonce: () => 'nonce',
      token: () => undefined,
      renew: nothing,
    };
  }

  #sendUp(link: ClientLinkView, item: Parameters<Wire['encodeUp']>[0]): void {
    const wire = this.#byLink.get(link);
    if (wire) this.#send(wire, 'up', wire.encodeUp(item));
  }

  /** Schedules the next tick of the client. */
  #armClient(): void {
    this.#timer += 1;
    const timer = this.#timer;
    const at = this.#client.manager.nextTickAt;
    if (at === Number.POSITIVE_INFINITY) return;
    this.#clock.at(Math.max(at, this.#clock.now + 1), () => {
      if (timer === this.#timer) this.#client.tick(this.#clock.now);
      if (timer === this.#timer) this.#armClient();
    });
  }

  /** Schedules the next tick of the server's session. */
  #armServer(at: number): void {
    if (at >= this.#serverTick || at === Number.POSITIVE_INFINITY) return;
    this.#serverTick = at;
    this.#clock.at(at, () => {
      if (this.#serverTick !== at) return;
      this.#serverTick = Number.POSITIVE_INFINITY;
      this.#session?.tick(this.#clock.now);
      const next = this.#session?.nextTickAt ?? Number.POSITIVE_INFINITY;
      this.#armServer(Math.max(next, this.#clock.now + 1));
    });
  }
}

function transportOf(name: TransportName): Transport {
  return { name, kind: transportKinds[name] };
}
