// Over 300 lines: the client's links and their one state only make sense together.
import type { Counts } from '../counts.js';
import { closeMs, preludeMaxMs, provenLifeMs, shortPollLeastMs, supersededMs } from '../limits.js';
import type { Message } from '../message.js';
import type { AnswerRecord, AttachedRecord, AttachRecord, BodyRecord, OpenRecord } from '../record.js';
import type { ClientLink } from './client-link.js';
import { ClientStart, type StartOptions } from './client-start.js';
import type { ClientIo, ClientLinkEnd, Transport } from './contract.js';

/** What travels by HTTP requests, see `ClientRequests`. Apart, so that a page may load it after its first WebSocket. */
export interface Requests {
  /** Something waits for its time: look again soon. */
  readonly pending: boolean;
  /** A message came, or a head: nothing is known to be missing. */
  came(): void;
  open(link: ClientLink, record: OpenRecord): void;
  attach(link: ClientLink, record: AttachRecord): void;
  /** The head of a stream or poll, or the answer to a body: what was asked came. */
  answered(link: ClientLink, record: AnswerRecord | AttachedRecord): void;
  /** A carrier of a body ended without an answer. */
  failed(link: ClientLink): void;
  fail(code: string): void;
  farewell(messagesMax: number): Farewell;
  pump(): void;
}

/** A body whose answer nobody is going to hear. */
export interface Farewell {
  readonly head: BodyRecord;
  readonly messages: readonly Message[];
}

export interface ClientOptions extends StartOptions {
  /** `createRequests`; may also be set later as `session.requests`. Without it only two-way transports work. */
  readonly requests?: (session: ClientLinks) => Requests;
}

export const never: number = Number.POSITIVE_INFINITY;
/** While something is pending the machine looks this often. */
const lookMs = 100;

/**
 * The client's links: connects, proves, replaces and gives up every one of them. What comes in is `ClientSession`'s.
 * Fields are written by these two, by `ClientStart` and by `Requests` alone.
 */
export abstract class ClientLinks extends ClientStart {
  declare readonly io: ClientIo;
  /** The page is hidden, so the heartbeat is the longer one (SN-15). */
  away = false;
  /** Highest number of a `reset` seen. */
  resetsSeen = 0;
  /** Smoothed; `null` before the first answer. */
  roundTripMs: number | null = null;
  requests: Requests | null;
  /** The next down link, until its head has come (SN-10). */
  candidate: ClientLink | null = null;
  /** The one carrier of a body in flight: a POST, or a poll that brought messages (SN-7). */
  body: ClientLink | null = null;
  /** Number of the first message of the next body. */
  postNext = 1;
  /** When `tick` is due, milliseconds of the shell's clock; `Infinity` for never. */
  nextTickAt: number = never;
  /** When the last body that brought messages was answered. */
  toldAt = 0;
  /** Counts have to travel by a body, were it empty: a ping came, a body was lost, the page was hidden (SN-6, SN-15). */
  postDue = false;
  /** Goes with the next body, see `renew`. */
  freshToken: string | null = null;
  /** Down links that failed in a row without use, since when there is none, and when to try again. */
  #failures = 0;
  /** Between two polls that are not held: their transport; the next one goes at `retryDue` (SN-34). */
  protected paused: Transport | null = null;
  /** When that pause began, how long it is without traffic, and what `send` had accepted by then. */
  #pausedAt = 0;
  #pauseMs = 0;
  #sentThen = 0;
  /** A message came since the last of them. */
  #busy = false;
  protected lostAt: number = never;
  protected retryDue = 0;
  /** What carries the session, since when, and what that has shown so far (SN-12). */
  #carrying: { readonly by: Transport | null; readonly since: number; used: boolean; told: boolean } | null = null;
  /** Two-way links in a row that ended before their head came. */
  #unheard = 0;
  /** Answers in a row that did not come in time. */
  #timeouts = 0;
  /** Last time counts were told: they are repeated while closing (SN-4). */
  #toldAt = 0;
  /** Since when this end waits for news of what it wrote on `up`; whether it asked; how often in vain (SN-15). */
  protected waitSince: number = never;
  protected asked = false;
  #doubts = 0;
  protected second: ClientLink | null = null;

  constructor(io: ClientIo, options: ClientOptions) {
    super(io, options);
    this.requests = options.requests?.(this) ?? null;
  }

  /** When the machine tries again while there is no link; `null` while there is one. */
  get retryAt(): number | null {
    return this.done || this.current || this.opening || this.resting ? null : this.retryDue;
  }

  get roundTrip(): number {
    return this.roundTripMs ?? 1000;
  }

  /** Counts are to be repeated until the verdict is heard (SN-4). */
  get closeDue(): boolean {
    return this.closingAt !== undefined && this.now >= this.#toldAt + 3 * lookMs;
  }

  protected attach(link: ClientLink): void {
    link.since = this.now;
    this.io.writeRecord(link, this.#attachRecord(link));
  }

  #attachRecord(link: ClientLink): AttachRecord {
    const every = link.transport && this.#everyMs(link.transport);
    this.attaches += 1;
    link.n = this.attaches;
    return {
      t: 'attach',
      id: this.id as string,
      n: link.n,
      instance: this.instance,
      ...this.counts(),
      ...(every && { every }),
      ...(this.away && { hidden: true }),
      ...(this.resetsSeen && { resets: this.resetsSeen }),
    };
  }

  override counts(): Counts {
    this.#toldAt = this.now;
    return super.counts();
  }

  /** After a body or the way up failed, or was answered: on from what the server last said it received (SN-7). */
  goOn(): void {
    this.postNext = Math.max(this.peerReceived, this.acked) + 1;
  }

  /** An answer came: how long it took. */
  sample(ms: number): void {
    this.#timeouts = 0;
    const before = this.roundTripMs ?? ms;
    this.roundTripMs = before + (ms - before) / (ms > before ? 2 : 8);
  }

  /** Nothing is tried, and nothing is to be sent, before `wake`. */
  get resting(): boolean {
    return this.retryDue === never;
  }

  /** What was written did not come while others got through: dead, or held back on the way (SN-13). */
  behind(link: ClientLink): void {
    if (link.kind === 'stream') this.fall(link, 'buffered');
    else this.giveUp(link);
  }

  /** A link that did not answer in time, or is of no use any more. */
  giveUp(link: ClientLink): void {
    if (link.retireAt) {
      this.drop(link, 'superseded');
      return;
    }
    if (link.in === 0) this.#timeouts += 1;
    this.fall(link, 'silent');
  }

  protected get opening(): boolean {
    return !this.id && this.links.size > 0;
  }

  protected override open(transport: Transport): void {
    if (transport.kind === 'duplex' && this.#heads) super.open(transport);
    else if (transport.kind === 'duplex') this.io.connect(this.begin('duplex', transport, transport), undefined, []);
    else this.requests?.open(this.begin('post', null, transport), this.openRecord());
  }

  /** The server knows no effect of this session, so all of it may be sent again under a new nonce (SN-14). */
  protected openAnew(): void {
    for (const link of this.links) this.drop(link, 'done');
    this.id = null;
    this.nonce = this.io.nonce();
    this.attaches = 0;
    this.written = 0;
    this.peerReceived = 0;
    this.goOn();
  }

  /** A new down link: the candidate where there is a current one, else the current one. */
  protected connect(transport: Transport): void {
    const link = this.begin(transport.kind, transport, null);
    link.parked = transport.kind === 'poll' && !this.current && !this.paused && this.attached;
    if (this.current || (this.paused && this.paused !== transport)) this.candidate = link;
    else {
      this.current = link;
      this.paused = null;
    }
    if (link.kind !== 'duplex') {
      this.requests?.attach(link, this.#attachRecord(link));
      return;
    }
    // Beside another it is probed first (SN-10).
    this.io.connect(link, link === this.current && this.#heads ? this.#attachRecord(link) : undefined, []);
  }

  /** Something on the way may take offence at what the handshake brings: every third try in a row goes without (SN-40). */
  get #heads(): boolean {
    return this.#unheard % 3 < 2;
  }

  /** Attaches by the same transport anew, beside the current link, unless another is being tried already (SN-15). */
  prove(): void {
    const { current } = this;
    if (this.attached && !this.candidate && current?.transport) this.connect(current.transport);
  }

  /** The head of the next link has come: this one is read until the server is done with it (SN-10). */
  protected retire(link: ClientLink | null): void {
    if (link) link.retireAt = this.now + supersededMs;
  }

  protected promote(): void {
    this.current = this.candidate;
    this.candidate = null;
    if (this.current) this.paused = null;
  }

  /** A poll was answered, or a stream reached the server's cap: the next of the same transport follows, at once unless it has a pause. */
  protected again(link: ClientLink): void {
    this.#forget(link);
    const { candidate } = this;
    this.promote();
    // One that has not attached is still only tried: the polls go on beside it.
    if (candidate?.n) return;
    const transport = link.transport as Transport;
    const everyMs = this.#everyMs(transport);
    this.current = null;
    if (everyMs === 0) this.connect(transport);
    else this.#pause(transport, everyMs);
    this.candidate = candidate;
  }

  #everyMs(transport: Transport): number {
    return this.io.everyMs?.(transport) ?? 0;
  }

  /** Short after traffic, then twice as long each time. */
  #pause(transport: Transport, everyMs: number): void {
    const busy = this.#busy || this.sent !== this.#sentThen;
    this.#pauseMs = Math.min(everyMs, busy ? shortPollLeastMs : Math.max(shortPollLeastMs, 2 * this.#pauseMs));
    this.#busy = false;
    this.#pauseFor(transport, this.#pauseMs);
  }

  #pauseFor(transport: Transport, pauseMs: number): void {
    this.paused = transport;
    this.#pausedAt = this.now;
    this.#sentThen = this.sent;
    this.retryDue = this.now + pauseMs;
  }

  /** Something waits to be fetched, or an answer to what was sent is likely: the next poll goes soon (SN-34). */
  pollSoon(): void {
    if (this.paused) this.retryDue = Math.min(this.retryDue, this.#pausedAt + shortPollLeastMs);
  }

  /** The server will not take this poll before so much time has passed: nothing is wrong with it, and nothing is lost (SN-34). */
  protected later(link: ClientLink, ms: number): void {
    const { current, candidate } = this;
    const transport = link.transport as Transport;
    this.#forget(link);
    if (link === candidate) this.candidate = null;
    if (link !== current) return;
    this.current = null;
    this.#pauseFor(transport, Math.max(shortPollLeastMs / 4, Math.min(ms, 2 * shortPollLeastMs)));
  }

  /** A link ended that should not have, or was given up. */
  fall(link: ClientLink, reason?: ClientLinkEnd): void {
    const { current, candidate } = this;
    if (this.body === link) this.requests?.failed(link);
    this.drop(link, reason);
    if (link !== current && link !== candidate && this.id) return;
    if (link.kind === 'duplex' && link.in === 0) this.#unheard += 1;
    const proven = link === current && link.transport === this.#carrying?.by && this.#proven;
    if (!link.retireAt) this.io.failed((link.transport ?? link.opens) as Transport, proven);
    if (link === candidate) return;
    this.#carrying = null;
    if (proven) this.#failures = 0;
    this.#retryLater(link);
  }

  /** The head of the current link came. */
  protected carry(by: Transport | null): void {
    this.#unheard = 0;
    if (this.attached && this.#carrying?.by === by) return;
    this.#carrying = { by, since: this.now, used: false, told: false };
  }

  /** Life, and something useful in it: what opens, greets and dies proves nothing (SN-12). */
  get #proven(): boolean {
    const { now } = this;
    const carrying = this.#carrying;
    return !!carrying?.used && now >= carrying.since + provenLifeMs;
  }

  drop(link: ClientLink | null, reason?: ClientLinkEnd): void {
    if (!link || !this.links.has(link)) return;
    if (reason) this.io.end(link, reason);
    this.#forget(link);
    if (this.candidate === link) this.candidate = null;
    if (this.current !== link) return;
    this.promote();
    this.retryDue = this.now;
    if (!this.attached) return;
    this.attached = false;
    this.io.changed();
  }

  #forget(link: ClientLink): void {
    this.links.delete(link);
    if (this.body === link) this.body = null;
    else if (this.up === link) {
      this.up = null;
      this.assured();
    } else return;
    this.goOn();
  }

  /** Nothing is waited for on the way up (SN-15). */
  protected assured(): void {
    this.waitSince = never;
    this.asked = false;
  }

  #retryLater({ since }: ClientLink): void {
    this.#failures += 1;
    this.lostAt = Math.min(this.lostAt, this.now);
    this.retryDue = this.againAt(since, this.#failures);
  }

  /**
   * When what failed is tried again. A try that waited for its answer has done its waiting: otherwise the last one that an outage
   * swallowed, and the pause behind it, would outlive the outage by more than SN-15 allows.
   */
  againAt(since: number, failures: number): number {
    return Math.max(since + this.pause(failures), this.now + this.pause(1));
  }

  /** Backoff has jitter from the first retry (SN-12) and stays short for a while, so that a short outage costs little more. */
  pause(failures: number): number {
    const longest = Math.max(1000, Math.min(30_000, (this.now - this.lostAt) / 60));
    return Math.min(longest, 50 * 2 ** failures) * (0.5 + this.io.random() / 2);
  }

  /** The network is there; whether the backoff starts anew is the proven life's to say (SN-12). */
  protected override use(link: ClientLink, message?: boolean): void {
    super.use(link);
    this.lostAt = never;
    if (message) this.requests?.came();
    this.#busy ||= message === true;
    const carrying = this.#carrying;
    if (!carrying || carrying.by !== link.transport) return;
    carrying.used = true;
    if (carrying.told || !this.#proven) return;
    carrying.told = true;
    this.#failures = 0;
    this.io.proven(link.transport as Transport);
  }

  protected override pump(): void {
    if (this.closingAt === -1) {
      this.closingAt = this.now;
      this.#toldAt = -never;
    }
    if (this.resting) return;
    const due = this.now >= this.retryDue;
    if (!this.id) {
      if (due && !this.opening) this.open(this.io.choose());
      return;
    }
    if (this.sent !== this.#sentThen) this.pollSoon();
    if (!this.current && this.now >= this.retryDue) this.connect(this.paused ?? this.io.choose());
    if (this.up) this.pumpUp(this.up, this.closeDue);
    if (this.up) this.#watch();
    this.requests?.pump();
  }

  /** What the way up still owes news of (SN-15). */
  #watch(): void {
    if (this.allowed > this.peerReceived || this.asked || this.closingAt !== undefined)
      this.waitSince = Math.min(this.waitSince, this.now);
    else {
      this.waitSince = never;
      this.#doubts = 0;
    }
  }

  protected get closeAt(): number {
    const { closingAt, done } = this;
    return done || closingAt === undefined || closingAt < 0 ? never : closingAt + closeMs + 2 * this.roundTrip;
  }

  get #heartbeatMs(): number {
    return this.away ? this.limits.heartbeatHiddenMs : this.limits.heartbeatMs;
  }

  /**
   * Two round trips and 500 ms. More after answers that did not come: the path may be slower than it was; but for a while
   * not much more, so that an outage is not outlived by the wait for a try that began in it.
   */
  get #patience(): number {
    const tries = Math.max(Math.min(this.#timeouts, 2), this.#timeouts - 6);
    return Math.min(10_000, (2 * this.roundTrip + 500) * 1.5 ** tries);
  }

  protected deadline(link: ClientLink): number {
    if (link.retireAt) return link.retireAt;
    if (link.in > 0) return link.heardAt + this.#heartbeatMs * 1.5;
    // The answer has begun: what is written to it comes at once, or is held back on the way (SN-13).
    if (link.begunAt) return link.begunAt + Math.min(preludeMaxMs, 2 * this.roundTrip + 500);
    return link.since + this.#patience + link.uploadMs + (link.parked ? this.#heartbeatMs : 0);
  }

  /**
   * When a stream is to be asked after by an empty body, whose answer says what was sent (SN-13): when it missed a heartbeat, or
   * brought nothing since messages went up, as their answers may be held back. Once until it is heard again.
   */
  get #askAt(): number {
    const link = this.current;
    if (link?.kind !== 'stream' || link.in === 0 || this.candidate || (link.askedAt ?? 0) >= link.heardAt) return never;
    if (this.toldAt > link.heardAt) return this.toldAt + this.roundTrip + 250;
    return link.heardAt + this.#heartbeatMs + this.#patience;
  }

  protected askBeside(): void {
    if (this.now < this.#askAt) return;
    this.current!.askedAt = this.now;
    this.postDue = true;
  }

  /** What was written and is not stated as received is asked after, then proven on a second link (SN-15). */
  protected doubt(): void {
    const { up } = this;
    const pauses = this.#doubts === 0 ? 0.5 : 2 ** ((this.#doubts - 1) >> 1);
    if (!up || this.candidate || this.now < this.waitSince + this.#patience * pauses) return;
    if (!this.asked) {
      this.ask(up);
      return;
    }
    this.#doubts += 1;
    // Should the second fail too, it is still not known whether the first lives.
    this.waitSince = this.now;
    this.connect(this.io.choose());
    this.second = this.candidate;
  }

  protected ask(up: ClientLink): void {
    this.asked = true;
    this.waitSince = this.now;
    up.askedAt = this.now;
    this.io.writeRecord(up, { t: 'ping', at: up.out - 1, ...this.counts() });
  }

  protected rearm(): void {
    const due = this.done || this.resting ? never : this.#due;
    if (due === this.nextTickAt) return;
    this.nextTickAt = due;
    this.io.timer();
  }

  /** When the next link is overdue; sooner while anything else is pending, whose times are not worth telling apart. */
  get #due(): number {
    const { now, nextTickAt } = this;
    let due = Math.min(this.#askAt, this.current || this.opening ? never : this.retryDue);
    for (const link of this.links) due = Math.min(due, this.deadline(link));
    const waiting = this.closingAt !== undefined || this.waitSince < never;
    if (!waiting && !this.requests?.pending) return due;
    return Math.min(due, nextTickAt > now && nextTickAt < now + lookMs ? nextTickAt : now + lookMs);
  }

  protected override end(clean: boolean, code: string): void {
    this.candidate = null;
    this.body = null;
    super.end(clean, code);
  }
}
