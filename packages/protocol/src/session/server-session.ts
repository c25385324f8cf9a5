// Over 300 lines: the whole server end of a session in one class, which is easier to check in one piece.
import { earlyWindow, shortPollMostMs, supersededLinksMax, type Window } from '../limits.js';
import type { Message } from '../message.js';
import type { AttachRecord, BodyRecord, ClientRecord, FailRecord } from '../record.js';
import { batchEnd } from './batch.js';
import type { LinkEnd, ServerSessionIo } from './contract.js';
import { GuardedSession, nobody, none, type SessionHome, unlimited } from './guarded-session.js';
import type { MessageSheet } from './message-sheet.js';
import { provenEnd } from './proven-end.js';
import { ResetLog } from './reset-log.js';
import type { LinkSession, ServerLink } from './server-link.js';
import type { JsonValue, SessionSnapshot, TopicSnapshot } from './snapshot.js';

/** Those of a client that has taken nothing yet. */
const noCounts = { ack: 0, received: 0, seen: 0, sent: 0, sum: 0 };

/** The server's end of one session, over all its links. */
export class ServerSession extends GuardedSession implements LinkSession {
  /** Highest attach number, and the instance of the client that used it (SN-9). */
  top = 0;
  instance = -1;
  /** Superseded two-way links that are still read (SN-10). */
  old: readonly ServerLink[] = none;
  readonly #bornAt: number;
  #heardAt: number;
  #hidden = false;
  /** Pause between the polls of a client that are not held (SN-34). */
  #everyMs = 0;
  /** An acknowledgement nobody could read is to be repeated downwards by then (SN-6); 0 for none, which costs no object. */
  #urgentAt = 0;

  constructor(home: SessionHome, key: string, nonce: string, createIo: (session: ServerSession) => ServerSessionIo) {
    super(home, key, nonce);
    this.#bornAt = home.now;
    this.#heardAt = home.now;
    this.io = createIo(this);
    this.sooner(this.due());
  }

  override get windowOut(): Window {
    return this.limits.down;
  }

  override get windowIn(): Window {
    return this.limits.up;
  }

  /** The transport written to now, as its shell named it; `null` while there is none. */
  get transport(): string | null {
    return this.down?.transport ?? null;
  }

  /**
   * The messages of an `open`: taken by their numbers, delivered once the session is confirmed, or at once where handlers bear
   * to see them again. Repeated opens hold no more
   * than one may bring; what is not taken comes again by another carrier (SN-14).
   */
  early(first: number, messages: readonly Message[], bytes: number): void {
    const fits =
      first + messages.length - 1 <= earlyWindow.messages && this.unsettledBytes + bytes <= earlyWindow.bytes;
    if (this.confirmed || fits) this.#takeBody(first, messages);
    if (this.home.earlyAtOnce && this.received > 0) this.begin();
  }

  /**
   * Attaches the link of an `open`, as number 1, unless another was faster. It confirms nothing: the `open` may be a repetition
   * that nobody reads the answer of. The client's `from` does (SN-40).
   */
  attachFirst(link: ServerLink, instance: number): void {
    if (link.session && link.session !== this) link.malformed(this.home.now);
    if (!link.open || this.frozen || this.top > 1 || (this.top === 1 && this.instance !== instance)) return;
    link.heardAt = this.home.now;
    this.#hear(this.home.now);
    this.#attachTo(link, { t: 'attach', id: '', n: 1, instance, ...noCounts }, none);
  }

  /** An attach, a body or the client's own failure: what names its session by id. */
  carrier(
    link: ServerLink,
    record: AttachRecord | BodyRecord | FailRecord,
    messages: readonly Message[],
    now: number,
  ): void {
    this.#hear(now);
    this.named(record.id);
    if (this.frozen) {
      link.end('frozen', now);
      return;
    }
    if (!this.done) {
      if (record.t === 'fail') this.#finish(false, record.code);
      else if (!this.#wellFormed(link, record, messages.length)) link.malformed(now);
      else if (record.t === 'attach') this.#attach(link, record, messages);
      else this.#body(link, record, messages);
      if (record.t !== 'fail' && record.token !== undefined) this.tokenCame(record.token);
    }
    // The verdict is the answer to every carrier of a session that has one (SN-4).
    if (this.done) this.tellVerdict(link);
  }

  /** Any other record, on a two-way link. */
  linkRecord(link: ServerLink, record: ClientRecord, now: number): void {
    this.#hear(now);
    switch (record.t) {
      case 'from':
        if (record.first === 0) {
          link.malformed(now);
          return;
        }
        link.in = record.first;
        this.confirm();
        return;
      case 'hidden':
        this.#hide(record.hidden);
        return;
      case 'auth':
        if (record.token === undefined) link.malformed(now);
        else this.tokenCame(record.token);
        return;
      case 'ping':
      case 'pong':
      case 'ack':
        if (record.t !== 'ack' && record.at !== Math.max(0, link.in - 1)) this.fail('lost');
        else if (this.learn(record)) this.#settle();
        if (record.t === 'ping' && link.open)
          link.io.writeRecord({ t: 'pong', at: Math.max(0, link.out - 1), ...this.counts() });
        return;
      default:
        link.malformed(now);
    }
  }

  linkMessage(link: ServerLink, message: Message, now: number): void {
    this.#hear(now);
    if (!this.take(link, message)) link.end('gap', now);
  }

  linkEnded(link: ServerLink, now: number): void {
    this.#hear(now);
    if (this.old !== none) this.old = this.old.filter((old) => old !== link);
    if (this.down === link) this.#changeDown(null);
  }

  override fail(code: string): void {
    this.#finish(false, code);
  }

  /** `sendRun` at the end of a turn, and written at once: there is nothing more to gather. */
  writeRun(sheet: MessageSheet, from: number, to: number, now: number): boolean {
    const whole = this.accept(sheet, from, to);
    if (whole) this.flush(now);
    return whole;
  }

  /** Writes what was gathered in this turn, as one run (SN-27). */
  flush(now: number): void {
    if (this.done || this.frozen) return;
    this.home.now = now;
    if (this.closingAt === -1) {
      this.closingAt = now;
      this.sooner(now + this.home.times.closeMs);
    }
    if (this.#settleVerdict()) return;
    if (this.conflates) this.conflate();
    const link = this.down;
    if (link?.kind === 'poll') this.#flushPoll(link, now);
    else if (link) this.#flushLink(link);
  }

  /** Does what is due; an early call does no harm. */
  tick(now: number): void {
    if (this.done) return;
    this.home.now = now;
    if (!this.tickGuards(now)) {
      if (!this.done) this.nextTickAt = this.due();
      return;
    }
    this.#tickLinks(now);
    const { unconfirmedMs, closeMs } = this.home.times;
    if (!this.confirmed && now >= this.#bornAt + unconfirmedMs) this.#finish(false, 'unconfirmed');
    else if (this.closingAt !== undefined && this.closingAt >= 0 && now >= this.closingAt + closeMs)
      this.#settleVerdict() || this.#finish(false, 'timeout');
    else if (now >= this.#expiresAt) this.#finish(false, 'expired');
    if (this.done) return;
    this.flush(now);
    this.nextTickAt = this.due();
  }

  /** Tells this carrier the verdict and ends it. */
  tellVerdict(link: ServerLink): void {
    if (!link.open || !this.done) return;
    link.io.writeRecord({ t: 'closed', clean: this.done.clean, code: this.done.code, ack: this.settled });
    link.end('closed', this.home.now);
  }

  /**
   * What another node needs to go on from here; only where `Freezing.settled` was called (SN-24).
   *
   * @param topics those it is in, and what was seen in them
   * @param application plain data of the application's own
   */
  snapshot(topics: readonly TopicSnapshot[], application: JsonValue, now: number): SessionSnapshot {
    const { id, nonce, term, limits, features, acked, written, peerReceived, received, settled, closingAt, extras } =
      this;
    const unacknowledged: Message[] = [];
    for (let number = acked + 1; number <= this.sent; number += 1) unacknowledged.push(this.messageAt(number));
    return {
      former: this.home.formerId(this),
      ...{ id, nonce, term, limits, features, acked, written, peerReceived, received, settled },
      ...{
        sum: this.sum >>> 0,
        ackedSum: this.ackedSum >>> 0,
        peerLast: this.peerLast ?? null,
        peerLastSum: this.peerLastSum,
      },
      closingMs: closingAt === undefined ? null : closingAt < 0 ? 0 : now - closingAt,
      silentMs: now - this.#heardAt,
      leaseMs: extras?.lease ? extras.lease.expiresAt - now : null,
      ...{ everyMs: this.#everyMs, polledMs: this.polledMs(now) },
      ...{ top: this.top, instance: this.instance, hidden: this.#hidden, above: this.above },
      ...{ resets: extras?.resets?.topics ?? [], resetNo: extras?.resets?.last ?? 0 },
      ...{ unacknowledged, undelivered: this.held, topics, application },
    };
  }

  /** Goes on from a snapshot, in the next term. Called once, before anything else (SN-24). */
  resume(from: SessionSnapshot, now: number): void {
    const { unacknowledged, undelivered, peerLast, peerLastSum } = from;
    const extras = this.more();
    extras.term = from.term + 1;
    this.limits = from.limits;
    this.features = from.features;
    this.acked = from.acked;
    this.allowed = from.acked;
    this.sent = from.acked;
    this.ackedSum = from.ackedSum | 0;
    // It was accepted before, by the limits of another node.
    this.buffers = unlimited;
    for (const message of unacknowledged) {
      this.conflates ||= message.key !== undefined;
      this.send(message);
    }
    this.buffers = this.home.buffers;
    this.written = from.written;
    this.peerReceived = from.peerReceived;
    this.above = from.above;
    this.received = from.received;
    this.settled = from.settled;
    this.ackTold = from.settled;
    this.sum = from.sum | 0;
    this.held = [...undelivered];
    for (const message of undelivered) this.unsettledBytes += message.byteLength;
    if (peerLast !== null) Object.assign(this, { peerLast, peerLastSum });
    if (from.closingMs !== null) this.closingAt = now - from.closingMs;
    this.top = from.top;
    this.instance = from.instance;
    this.#hidden = from.hidden;
    this.#everyMs = from.everyMs ?? 0;
    extras.polledAt = now - (from.polledMs ?? Number.POSITIVE_INFINITY);
    this.#heardAt = now - from.silentMs;
    if (from.resetNo > 0) {
      extras.resets = new ResetLog();
      extras.resets.restore(from.resets, from.resetNo);
    }
    this.confirmed = true;
    this.begun = true;
    this.io.confirmed();
    this.io.begun();
    if (from.leaseMs === null) this.flow();
    else this.renew(now + from.leaseMs, now);
    this.sooner(this.due());
  }

  protected override endLinks(reason: LinkEnd): void {
    for (const link of [...this.old, ...(this.down ? [this.down] : [])]) link.end(reason, this.home.now);
  }

  protected override drained(): void {
    this.io.drain();
  }

  #hear(now: number): void {
    this.home.now = now;
    this.#heardAt = now;
  }

  /** A POST carries a body, every other carrier an attach; both with as many messages as they say. */
  #wellFormed(link: ServerLink, record: AttachRecord | BodyRecord, count: number): boolean {
    const { first = 0, count: stated = 0 } = record;
    const fits = stated === count && count <= this.limits.batchMessagesMax && (count === 0 || first > 0);
    return (
      fits &&
      (record.t === 'body') === (link.kind === 'post') &&
      (count === 0 || link.kind === 'poll' || link.kind === 'post')
    );
  }

  #attach(link: ServerLink, record: AttachRecord, messages: readonly Message[]): void {
    const same = record.instance === this.instance;
    if (record.n < this.top || (record.n === this.top && !same)) {
      link.io.writeRecord({ t: 'superseded', n: this.top, same });
      link.end('superseded', this.home.now);
      return;
    }
    this.confirm();
    this.#attachTo(link, record, messages);
  }

  #attachTo(link: ServerLink, record: AttachRecord, messages: readonly Message[]): void {
    if (!this.learn(record)) return;
    const before = this.down;
    const same = record.instance === this.instance;
    this.top = record.n;
    this.instance = record.instance;
    link.session = this;
    link.out = Math.max(record.received, this.acked) + 1;
    link.prompt = record.prompt === true || messages.length > 0;
    link.toldLast = false;
    this.#everyMs = Math.min(shortPollMostMs, record.every ?? 0);
    this.#hide(record.hidden === true);
    this.resetsSeen(record.resets ?? 0);
    if (before && before !== link) this.#supersede(before, same);
    if (this.old !== none) this.old = this.old.filter((old) => old !== link);
    this.#takeBody(record.first ?? 0, messages);
    if (this.done) return;
    link.dueAt = this.home.now + this.#heartbeatMs * (link.kind === 'poll' ? this.#heldPart(record.n) : 1);
    if (link.kind !== 'poll') link.io.writeRecord({ t: 'attached', first: link.out, ...this.counts() });
    this.#changeDown(link);
    this.sooner(this.due());
    // A poll is answered when the turn is gathered. Any other link gets its run at once: were it left for the flush, an
    // acknowledgement by another link could rise beyond the `first` just stated (SN-5).
    if (link.kind === 'poll') this.touch();
    else this.flush(this.home.now);
  }

  #body(link: ServerLink, record: BodyRecord, messages: readonly Message[]): void {
    this.confirm();
    if (!this.learn(record)) return;
    if (record.hidden !== undefined) this.#hide(record.hidden);
    this.#takeBody(record.first, messages);
    if (record.blind) {
      this.#urgentAt = this.home.now + this.home.times.urgentMs;
      this.sooner(this.#urgentAt);
    }
    this.#settle();
    if (this.done) return;
    link.io.writeRecord({ t: 'answer', ...this.counts(), ...(this.down ? undefined : { attached: false }) });
    link.end('done', this.home.now);
  }

  /** Whole or not at all: one that begins beyond `received + 1` is not taken (SN-2, SN-7). */
  #takeBody(first: number, messages: readonly Message[]): void {
    const cursor = { in: first };
    if (first > this.received + 1) return;
    for (const message of messages) if (!this.done) this.take(cursor, message);
  }

  /**
   * How much of a heartbeat a poll is held: nine tenths and a part that differs by session, told by the end of its nonce, and by poll, or
   * those that came together, after a restart, would for ever. The golden ratio spreads what follows each other.
   */
  #heldPart(n: number): number {
    let spread = n;
    for (const unit of this.nonce.slice(-4)) spread = (spread * 31 + unit.charCodeAt(0)) % 65_521;
    return 0.9 + ((spread * 0.618_034) % 1) / 10;
  }

  /** The old link gets nothing more; a two-way one is read until the client closes it (SN-10). */
  #supersede(link: ServerLink, same: boolean): void {
    const { now, times } = this.home;
    link.io.writeRecord({ t: 'superseded', n: this.top, same });
    this.down = null;
    if (link.kind !== 'duplex') {
      link.end('superseded', now);
      return;
    }
    link.dueAt = now + times.supersededMs;
    this.old = [...this.old, link];
    if (this.old.length > supersededLinksMax) this.old[0]?.end('superseded', now);
  }

  #changeDown(link: ServerLink | null): void {
    const { transport } = this;
    this.down = link;
    if (this.transport !== transport) this.io.changed();
  }

  /** After the other end's counts: there may be something to write now, or nothing left to wait for. */
  #settle(): void {
    const { down } = this;
    // What was held back has come by another link meanwhile, so this one can no longer go on from where its head said (SN-5).
    if (down && down.kind !== 'poll' && down.out <= this.acked) down.end('done', this.home.now);
    if (!this.#settleVerdict() && down && (down.out <= this.allowed || this.ackDue() || this.closingAt !== undefined))
      this.touch();
  }

  #settleVerdict(): boolean {
    const code = this.closingAt === undefined ? null : provenEnd(this);
    if (code && !this.done) this.#finish(code === 'closed', code);
    return this.done !== null;
  }

  #flushLink(link: ServerLink): void {
    this.writeAsides(link);
    const last = this.allowed;
    if (this.flowing && link.out <= last) this.#writeRun(link, last);
    const tellLast = this.closingAt !== undefined && !link.toldLast;
    if (!tellLast && !this.ackDue() && !this.#isUrgent(this.home.now)) return;
    this.#urgentAt = 0;
    link.toldLast = this.closingAt !== undefined;
    link.io.writeRecord({ t: 'ack', ...this.counts() });
  }

  /** A parked poll is answered when there is something to say, else after one heartbeat (SN-15). */
  #flushPoll(link: ServerLink, now: number): void {
    // While closing a poll is held no longer than an urgent acknowledgement takes: the client learns `last` by it.
    if (this.closingAt !== undefined) link.dueAt = Math.min(link.dueAt, now + this.home.times.urgentMs);
    const due = link.prompt || now >= link.dueAt || this.#isUrgent(now) || this.ackDue() || this.asidesDue(link);
    if (!due && (link.out > this.allowed || !this.flowing)) {
      this.sooner(link.dueAt);
      return;
    }
    this.#urgentAt = 0;
    link.out = Math.max(link.out, this.acked + 1);
    link.io.writeRecord({ t: 'attached', first: link.out, ...this.counts() });
    this.writeAsides(link);
    const last = batchEnd(this, link.out);
    if (this.flowing && link.out <= last) this.#writeRun(link, last);
    // The next poll acknowledges by itself what this one brings.
    if (this.wish) this.wish.told = this.written;
    link.end('done', now);
  }

  #isUrgent(now: number): boolean {
    return this.#urgentAt !== 0 && now >= this.#urgentAt;
  }

  #writeRun(link: ServerLink, last: number): void {
    link.io.writeMessages(this, link.out, last);
    link.out = last + 1;
    if (last > this.written) this.written = last;
  }

  #tickLinks(now: number): void {
    for (const link of this.old) if (now >= link.dueAt) link.end('superseded', now);
    const link = this.down;
    if (!link || link.kind === 'poll') return;
    // What a stream carries down is answered by POST, so any carrier of the session shows that its client lives.
    const heardAt = link.kind === 'duplex' ? link.heardAt : this.#heardAt;
    if (now >= heardAt + this.#heartbeatMs * 1.5) {
      link.end('silent', now);
    } else if (now >= link.dueAt) {
      link.dueAt = now + this.#heartbeatMs;
      link.io.writeRecord({ t: 'ping', at: link.out - 1, ...this.counts() });
    }
  }

  /** Without any carrier until then. */
  get #expiresAt(): number {
    return this.#heardAt + Math.max(this.home.times.lifeMs, 3 * this.#heartbeatMs, 3 * this.#everyMs);
  }

  get #heartbeatMs(): number {
    return this.#hidden ? this.limits.heartbeatHiddenMs : this.limits.heartbeatMs;
  }

  #hide(hidden: boolean): void {
    if (this.#hidden === hidden) return;
    this.#hidden = hidden;
    if (this.down && !hidden) this.down.dueAt = Math.min(this.down.dueAt, this.home.now + this.#heartbeatMs);
    this.sooner(this.due());
  }

  protected override due(): number {
    if (this.frozen) return this.guardsDue();
    const { times } = this.home;
    let due = Math.min(this.guardsDue(), this.#expiresAt);
    if (!this.confirmed) due = Math.min(due, this.#bornAt + times.unconfirmedMs);
    if (this.closingAt !== undefined && this.closingAt >= 0) due = Math.min(due, this.closingAt + times.closeMs);
    for (const link of this.old) due = Math.min(due, link.dueAt);
    const { down } = this;
    if (!down) return due;
    const silentAt = (down.kind === 'duplex' ? down.heardAt : this.#heardAt) + this.#heartbeatMs * 1.5;
    return Math.min(due, this.#urgentAt || due, down.dueAt, down.kind === 'poll' ? due : silentAt);
  }

  #finish(clean: boolean, code: string): void {
    if (!this.done) this.home.catchUp();
    if (this.done) return;
    const verdict = this.finish(clean, code);
    this.held = none as never[];
    this.nextTickAt = Number.POSITIVE_INFINITY;
    this.extras = null;
    for (const link of [...this.old, ...(this.down ? [this.down] : [])]) this.tellVerdict(link);
    this.home.buried(this);
    const io = this.io;
    this.io = nobody;
    io.ended(verdict);
  }
}
