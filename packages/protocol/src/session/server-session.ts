// Over 300 lines: the one place where what the parts of a session say becomes calls of its application and its links.
import { addresseeOf } from '../addressee.js';
import type { Counts } from '../counts.js';
import { earlyWindow, type SessionLimits } from '../limits.js';
import type { Message } from '../message.js';
import type { AttachRecord, BodyRecord, ClientRecord, FailRecord } from '../record.js';
import { Asides } from './asides.js';
import type { Removed } from './conflation.js';
import type { SendResult, ServerSessionIo, Verdict } from './contract.js';
import { Delivery } from './delivery.js';
import { closeDueAt, dueAt } from './due-times.js';
import { Freeze, type Freezing } from './freeze.js';
import { restoreParts, snapshotOf } from './hand-over.js';
import { heldPart } from './held-part.js';
import { Incoming, type Taking } from './incoming.js';
import { Lease } from './lease.js';
import { Ledger } from './ledger.js';
import type { MessageSheet } from './message-sheet.js';
import { Outgoing } from './outgoing.js';
import { isWellFormed, type LinkSession, type ServerLink } from './server-link.js';
import { ServerLinks } from './server-links.js';
import * as writing from './server-writing.js';
import * as guard from './session-guard.js';
import type { SessionHome } from './session-home.js';
import type { JsonValue, SessionSnapshot } from './snapshot.js';

/** Counts of a client that has taken nothing yet. */
const nothingYet = { ack: 0, received: 0, seen: 0, sent: 0, sum: 0 };
const never = Number.POSITIVE_INFINITY;

/**
 * The server's end of one session, over all its links. Its parts keep their own state and say what has come of an input; only this
 * class turns that into calls of the application's side (`io`), of links and of the registry (`home`).
 */
export class ServerSession implements LinkSession, writing.WrittenParts {
  readonly nonce: string;
  /** How often it was handed over (SN-24). */
  readonly term: number;
  /** As its client was told them. */
  readonly limits: SessionLimits;
  readonly ledger: Ledger;
  readonly links: ServerLinks;
  readonly delivery: Delivery;
  /** `null` until there are any, because idle sessions are many. */
  asides: Asides | null = null;
  /** What the client can do beyond the first version, as in `open`. */
  features = '';
  /** Secret that names it in the registry; see `id`. */
  key: string;
  /** When `tick` is due, milliseconds of the shell's clock; `Infinity` for never. */
  nextTickAt: number = never;
  /** Whether a flush is coming anyway: kept here by the registry. */
  touched = false;
  readonly #home: SessionHome<ServerSession>;

  /** @param from what another node knew of it: then `resume` is to be called before anything else (SN-24) */
  constructor(
    home: SessionHome<ServerSession>,
    key: string,
    nonce: string,
    createIo: (session: ServerSession) => ServerSessionIo,
    from: SessionSnapshot | null = null,
  ) {
    const { limits } = from ?? home;
    this.#home = home;
    this.key = key;
    this.nonce = nonce;
    this.limits = limits;
    this.ledger = new Ledger(new Outgoing(limits.down, home.buffers), new Incoming(limits.up, limits.messageBytesMax));
    this.links = new ServerLinks(limits, home.times, home.now);
    this.delivery = new Delivery(this.ledger.incoming, home.now);
    this.term = from === null ? 0 : from.term + 1;
    this.delivery.io = createIo(this);
    this.#sooner(this.#dueAt);
  }

  /** What a client names it by: the secret and where it is to be found (SN-20). */
  get id(): string {
    return this.#home.idOf(this.key);
  }

  get done(): Verdict | null {
    return this.ledger.done;
  }

  get frozen(): boolean {
    return this.delivery.freeze !== null;
  }

  /** The transport written to now, as its shell named it; `null` while there is none. */
  get transport(): string | null {
    return this.links.down?.transport ?? null;
  }

  /** Accepts a message for the other end; it is written at the next flush the window and a link allow (SN-23). */
  send(message: Message): SendResult {
    this.#home.catchUp();
    const { freeze } = this.delivery;
    if (freeze !== null && this.ledger.isOpen) {
      freeze.forward(message);
      return 'ok';
    }
    const result = guard.send(this, message);
    if (result === 'ok' || result === 'above') this.#touch();
    return result;
  }

  /**
   * Accepts messages `from` to `to` of a sheet, the last not included, as `send` would one after the other (SN-27).
   * @param endsAt when the turn ends, which is now: they are written at once. `null`: more may come in this turn.
   * @returns false where it did nothing, because not all of them would be accepted: they are to be sent one by one.
   */
  sendRun(sheet: MessageSheet, from: number, to: number, endsAt: number | null = null): boolean {
    if (!this.ledger.isOpen || this.frozen || !guard.acceptRun(this, sheet, from, to)) return false;
    if (endsAt === null) this.#touch();
    else guard.flush(this, endsAt);
    return true;
  }

  /** Messages with a key are sent: from now on they replace each other (SN-33). */
  conflate(): void {
    this.ledger.conflate();
  }

  /** For a session that is full. @returns whether messages that were replaced made room */
  squeeze(): boolean {
    return this.#removed(guard.squeeze(this));
  }

  /** Somebody waits for this number to be acknowledged, and is told of every news; 0 for nobody (SN-30). */
  want(number: number): void {
    if (this.done === null && this.ledger.want(number)) this.#touch();
  }

  /** The application settled this message, in the order of delivery: the acknowledgement may rise over it (SN-6). */
  consumed(message: Message): void {
    if (this.done === null && guard.settle(this, message) && writing.isAckDue(this)) this.#touch();
  }

  /** A hint topic dropped messages: tells the client, again after a lost link (SN-23). */
  reset(topic: string): void {
    if (this.done !== null) return;
    this.asides ??= new Asides();
    this.asides.reset(topic);
    this.#touch();
  }

  /** Ends cleanly: what was accepted is delivered and acknowledged first (SN-4). @param code what the verdict says of a clean end */
  close(code?: string): void {
    this.#home.catchUp();
    if (this.ledger.close(code)) this.#touch();
  }

  /** Ends the session now, at both ends, with this code (SN-4). */
  fail(code: string): void {
    this.#finish(false, code);
  }

  /** Something was thrown while this session was at work. @throws it, unless it is a reason to end this session alone (SN-44) */
  broke(error: unknown): void {
    this.#home.broke(this, error);
  }

  /** A token is good until `expiresAt` on the shell's clock; `Infinity`: for ever. A suspended session goes on (SN-21). */
  renew(expiresAt: number, now: number): void {
    if (this.done !== null) return;
    this.#home.now = now;
    this.delivery.lease = expiresAt === never ? null : new Lease(expiresAt, now, this.#home.times);
    this.#pass();
    this.#sooner(this.#dueAt);
  }

  /** Takes a poll that is not held, or says how many milliseconds it is too early: then nothing of it may reach the session (SN-34). */
  takePoll(leastMs: number, now: number): number {
    return this.done !== null || this.frozen ? 0 : this.links.takePoll(leastMs, now);
  }

  /** The registry gave it another secret; the former one is good until this one was used (SN-20). */
  rotateTo(key: string): void {
    this.key = key;
    this.asides ??= new Asides();
    this.asides.rotate();
    this.#touch();
  }

  /**
   * The messages of an `open`: taken by their numbers, delivered once the session is confirmed, or at once where handlers bear
   * to see them again. Repeated opens hold no more than one may bring; what is not taken comes again by another carrier (SN-14).
   */
  early(first: number, messages: readonly Message[], bytes: number): void {
    const { incoming } = this.ledger;
    const last = first + messages.length - 1;
    const fits = last <= earlyWindow.messages && incoming.unsettledBytes + bytes <= earlyWindow.bytes;
    if (this.delivery.isConfirmed || fits) this.#took(this.delivery.takeBody(first, messages));
    if (!this.#home.earlyAtOnce || incoming.received === 0) return;
    this.delivery.begin();
    this.#pass();
  }

  /**
   * Attaches the link of an `open`, as number 1, unless another was faster. It confirms nothing: the `open` may be a repetition
   * that nobody reads the answer of. The client's `from` does (SN-40).
   */
  attachFirst(link: ServerLink, instance: number): void {
    const { now } = this.#home;
    if (link.session && link.session !== this) link.malformed(now);
    const record = { t: 'attach', id: '', n: 1, instance, ...nothingYet } as const;
    if (!link.open || this.frozen || this.links.isOutrun(record)) return;
    link.heardAt = now;
    this.#hear(now);
    this.#attachTo(link, record, []);
  }

  /** An attach, a body or the client's own failure: what names its session by id. */
  carrier(
    link: ServerLink,
    record: AttachRecord | BodyRecord | FailRecord,
    messages: readonly Message[],
    now: number,
  ): void {
    this.#hear(now);
    if (record.id === this.id && this.asides?.endRotation()) this.#home.rotated(this);
    if (this.frozen) {
      link.end('frozen', now);
      return;
    }
    if (this.done === null) {
      if (record.t === 'fail') this.#finish(false, record.code);
      else if (!isWellFormed(link, record, messages.length, this.limits)) link.malformed(now);
      else if (record.t === 'attach') this.#attach(link, record, messages);
      else this.#body(link, record, messages);
      if (record.t !== 'fail' && record.token !== undefined) this.delivery.tokenCame(record.token);
    }
    // The verdict is the answer to every carrier of a session that has one (SN-4).
    if (this.done !== null) writing.tellVerdict(this, link, addresseeOf(record), now);
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
        this.#confirm();
        return;
      case 'hidden':
        this.#hide(record.hidden);
        return;
      case 'auth':
        if (record.token === undefined) link.malformed(now);
        else this.delivery.tokenCame(record.token);
        return;
      case 'ping':
      case 'pong':
      case 'ack':
        if (record.t !== 'ack' && record.at !== Math.max(0, link.in - 1)) this.#finish(false, 'lost');
        else if (this.#learn(record)) this.#settle();
        if (record.t === 'ping' && link.open)
          link.io.writeRecord({ t: 'pong', at: Math.max(0, link.out - 1), ...writing.countsOf(this) });
        return;
      default:
        link.malformed(now);
    }
  }

  linkMessage(link: ServerLink, message: Message, now: number): void {
    this.#hear(now);
    if (!this.#took(this.delivery.take(link, message))) link.end('gap', now);
  }

  linkEnded(link: ServerLink, now: number): void {
    this.#hear(now);
    if (this.links.remove(link)) this.delivery.io.changed();
  }

  /** Writes what was gathered in this turn, as one run (SN-27). */
  flush(now: number): void {
    const { ledger, links } = this;
    if (this.done !== null || this.frozen) return;
    this.#home.now = now;
    if (ledger.beginClose(now)) this.#sooner(closeDueAt(ledger, this.#home.times));
    if (this.#settleVerdict()) return;
    const link = links.down;
    this.#removed(ledger.takeOutReplaced(link !== null));
    if (link === null) return;
    if (link.kind !== 'poll') writing.writeLink(this, link, now);
    else if (writing.isPollDue(this, link, now, this.#home.times)) writing.answerPoll(this, link, now);
    else this.#sooner(link.dueAt);
  }

  /** Does what is due; an early call does no harm. */
  tick(now: number): void {
    if (this.done !== null) return;
    this.#home.now = now;
    const { freeze } = this.delivery;
    if (freeze === null) this.#tickOn(now);
    else if (!freeze.check(this.delivery.isAtRest, now)) this.#finish(false, 'lost');
    if (this.done === null) this.nextTickAt = this.#dueAt;
  }

  #tickOn(now: number): void {
    if (this.delivery.lease?.check(now) === 'over') {
      this.#finish(false, 'expired');
      return;
    }
    this.#pass();
    writing.tickLinks(this, now);
    if (now >= this.delivery.unconfirmedAt(this.#home.times)) this.#finish(false, 'unconfirmed');
    else if (now >= closeDueAt(this.ledger, this.#home.times)) this.#settleVerdict() || this.#finish(false, 'timeout');
    else if (this.links.isExpired(now)) this.#finish(false, 'expired');
    this.flush(now);
  }

  get #dueAt(): number {
    return dueAt(this, this.#home.now, this.#home.times);
  }

  #sooner(at: number): void {
    if (at >= this.nextTickAt) return;
    this.nextTickAt = at;
    this.#home.sooner(this);
  }

  /**
   * Stops for a hand-over (SN-24): no number is given any more, links end, nothing is read. It never thaws: either `moved` is
   * called in time, or it ends with `lost`.
   * @returns false where it has ended or nobody has confirmed it
   */
  freeze(freezing: Freezing, now: number): boolean {
    this.#home.catchUp();
    if (this.done !== null || this.frozen || !this.delivery.isConfirmed) return false;
    this.#home.now = now;
    this.delivery.freeze = new Freeze(freezing, now, this.#home.times);
    this.#pass();
    for (const link of this.links.all) link.end('frozen', now);
    this.#sooner(now);
    return true;
  }

  /**
   * What another node needs to go on from here; only where `Freezing.settled` was called (SN-24).
   * @param topics those it is in, and what was seen in them
   * @param application plain data of the application's own
   */
  snapshot(topics: readonly string[], application: JsonValue, now: number): SessionSnapshot {
    return { ...snapshotOf(this, now), former: this.#home.formerId(this), topics, application };
  }

  /** Goes on from the snapshot it was made of, in the next term. Called once, before anything else (SN-24). */
  resume(from: SessionSnapshot, now: number): void {
    if (from.unacknowledged.some(({ key }) => key !== undefined)) this.conflate();
    restoreParts(this, from, now);
    this.delivery.confirm();
    this.renew(from.leaseMs === null ? never : now + from.leaseMs, now);
  }

  /** The new owner has stored the snapshot and said so: this one is forgotten, without a verdict. */
  moved(now: number): void {
    if (this.done !== null || !this.delivery.freeze?.isSettled) return;
    this.#home.now = now;
    this.#bury(false, 'moved');
    this.delivery.end();
    this.#home.moved(this);
  }

  #attach(link: ServerLink, record: AttachRecord, messages: readonly Message[]): void {
    if (writing.refuseOutrun(this, link, record, this.#home.now)) return;
    this.#confirm();
    if (record.tried !== undefined) this.delivery.io.tried?.(record.tried);
    this.#attachTo(link, record, messages);
  }

  #attachTo(link: ServerLink, record: AttachRecord, messages: readonly Message[]): void {
    if (!this.#learn(record)) return;
    const { links } = this;
    const { down: before, instance: former } = links;
    links.attach(record);
    link.session = this;
    const out = Math.max(record.received, this.ledger.outgoing.acked) + 1;
    link.attach(out, record.prompt === true || messages.length > 0);
    this.#hide(record.hidden === true);
    this.asides?.resetsSeen(record.resets ?? 0);
    if (before !== null && before !== link) writing.supersede(this, before, former, this.#home.now);
    this.#took(this.delivery.takeBody(record.first ?? 0, messages));
    if (this.done !== null) return;
    link.dueAt = this.#home.now + links.heartbeatMs * (link.kind === 'poll' ? heldPart(this.nonce, record.n) : 1);
    if (link.kind !== 'poll') writing.writeHead(this, link);
    links.use(link);
    if (before !== link) this.delivery.io.changed();
    this.#sooner(this.#dueAt);
    // A poll is answered when the turn is gathered. Any other link gets its run at once: were it left for the flush, an
    // acknowledgement by another link could rise beyond the `first` just stated (SN-5).
    if (link.kind === 'poll') this.#touch();
    else guard.flush(this, this.#home.now);
  }

  #body(link: ServerLink, record: BodyRecord, messages: readonly Message[]): void {
    this.#confirm();
    if (!this.#learn(record)) return;
    if (record.hidden !== undefined) this.#hide(record.hidden);
    if (!this.#took(this.delivery.takeUp(record, messages))) link.malformed(this.#home.now);
    if (record.blind) this.#sooner(this.links.hurry(this.#home.now));
    this.#settle();
    if (this.done !== null || !link.open) return;
    writing.answerBody(this, link, record);
    link.end('done', this.#home.now);
  }

  /** @returns false for a gap: the carrier is not to be read any further */
  #took(taking: Taking): boolean {
    if (taking === 'hostile' || taking === 'lost') this.#finish(false, taking);
    return taking !== 'gap';
  }

  #hear(now: number): void {
    this.#home.now = now;
    this.links.heard(now);
  }

  #hide(hidden: boolean): void {
    if (this.links.hide(hidden, this.#home.now)) this.#sooner(this.#dueAt);
  }

  /** Takes note of the other end's counts, before any message of their carrier (SN-2). @returns false when the session has ended */
  #learn(counts: Counts): boolean {
    if (this.done !== null) return false;
    const learning = this.ledger.learn(counts);
    if (learning === 'lost') this.#finish(false, 'lost');
    if (learning === 'drained') this.delivery.io.drain();
    if (counts.last !== undefined) this.close();
    if (this.ledger.isWaiting) this.delivery.io.counted?.();
    return this.done === null;
  }

  /** After the other end's counts: there may be something to write now, or nothing left to wait for. */
  #settle(): void {
    const { outgoing } = this.ledger;
    const { down } = this.links;
    // What was held back has come by another link meanwhile, so this one can no longer go on from where its head said (SN-5).
    if (down && down.kind !== 'poll' && down.out <= outgoing.acked) down.end('done', this.#home.now);
    if (this.#settleVerdict() || down === null) return;
    if (down.out <= outgoing.allowed || writing.isAckDue(this) || !this.ledger.isOpen) this.#touch();
  }

  /** Ends the session where its own counts prove that nothing is left to wait for (SN-4). @returns whether it has ended */
  #settleVerdict(): boolean {
    if (this.ledger.isOpen) return false;
    const code = this.ledger.proven();
    if (code !== null) this.#finish(code !== 'lost', code);
    return this.done !== null;
  }

  #finish(clean: boolean, code: string): void {
    if (this.done === null) this.#home.catchUp();
    if (this.done !== null) return;
    const verdict = this.#bury(clean, code);
    const { instance } = this.links;
    for (const link of this.links.all) writing.tellVerdict(this, link, { instance }, this.#home.now);
    this.#home.buried(this);
    this.delivery.end().ended(verdict);
  }

  /** What is left is what a tombstone answers with. */
  #bury(clean: boolean, code: string): Verdict {
    this.asides = null;
    this.nextTickAt = never;
    return this.ledger.end(clean, code);
  }

  #confirm(): void {
    if (!this.delivery.confirm()) return;
    this.#pass();
    // What was handled before the confirmation may be told only now.
    if (writing.isAckDue(this)) this.#touch();
  }

  #pass(): void {
    if (this.delivery.update(this.#home.now)) this.#touch();
  }

  #touch(): void {
    if (!this.touched) this.#home.touch(this);
  }

  /** Messages of these numbers are gone (SN-33). */
  #removed(removed: Removed): boolean {
    if (removed.length === 0) return false;
    this.delivery.io.renumbered?.(removed);
    if (this.ledger.outgoing.drained()) this.delivery.io.drain();
    return true;
  }
}
