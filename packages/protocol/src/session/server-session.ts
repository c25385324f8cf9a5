// Over 300 lines: the one place that turns the results of a session's parts into calls of its application and its links.
import { addresseeOf } from '../addressee.js';
import type { Counts } from '../counts.js';
import { earlyWindow, type SessionLimits } from '../limits.js';
import type { Message } from '../message.js';
import type { AttachRecord, BodyRecord, ClientRecord, FailRecord } from '../record.js';
import type { Removed } from './conflation.js';
import type { SendOutcome, ServerSessionIo, Verdict } from './contract.js';
import { Delivery } from './delivery.js';
import { closeDueAt, dueAt } from './due-times.js';
import { Freeze, type Freezing } from './freeze.js';
import { restoreParts, snapshotOf } from './hand-over.js';
import { Incoming, type Taking } from './incoming.js';
import type { MessageBatch } from './message-batch.js';
import { Outgoing } from './outgoing.js';
import { PendingNotices } from './pending-notices.js';
import { pollHoldFraction } from './poll-hold-fraction.js';
import { isWellFormedRecord, type LinkSession, type ServerLink } from './server-link.js';
import { ServerLinks } from './server-links.js';
import * as writing from './server-writing.js';
import * as guard from './session-guard.js';
import type { SessionHome } from './session-home.js';
import { SessionState } from './session-state.js';
import type { JsonValue, SessionSnapshot } from './snapshot.js';
import { TokenLifetime } from './token-lifetime.js';

/** Counts of a client that has received nothing yet. */
const nothingYet = { ack: 0, received: 0, seen: 0, sent: 0, sum: 0 };
const NEVER = Number.POSITIVE_INFINITY;

/**
 * The server's end of one session, over all its links. The shell (the server's I/O code) and the registry call it. Its parts keep
 * state and return results; only this class turns them into calls of the shell (`delivery.io`), of links and of the registry (`home`).
 */
export class ServerSession implements LinkSession, writing.WrittenParts {
  readonly nonce: string;
  /** Number of hand-overs so far (SN-24). */
  readonly term: number;
  /** The limits announced to its client. */
  readonly limits: SessionLimits;
  readonly flow: SessionState;
  readonly links: ServerLinks;
  readonly delivery: Delivery;
  /** Allocated lazily, because there are many idle sessions. */
  pendingNotices: PendingNotices | null = null;
  /** The client's features beyond the first version, as in `open`. */
  features = '';
  /** Secret by which the registry finds the session; see `id`. */
  key: string;
  /** When `tick` is due, in milliseconds of the shell's clock; `Infinity` for never. */
  nextTickAt: number = NEVER;
  /** Whether a flush is scheduled. Set by the registry. */
  touched = false;
  readonly #home: SessionHome<ServerSession>;

  /** @param from snapshot of another node, after which the caller must call `resume` before anything else (SN-24) */
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
    const outgoing = new Outgoing(limits.down, home.buffers);
    this.flow = new SessionState(outgoing, new Incoming(limits.up, limits.messageBytesMax));
    this.links = new ServerLinks(limits, home.times, home.now);
    this.delivery = new Delivery(this.flow.incoming, home.now);
    this.term = from === null ? 0 : from.term + 1;
    this.delivery.io = createIo(this);
    this.#sooner(this.#dueAt);
  }

  /** The session id that the client uses: the secret and the locator of the node (SN-20). */
  get id(): string {
    return this.#home.idOf(this.key);
  }

  get done(): Verdict | null {
    return this.flow.done;
  }

  get frozen(): boolean {
    return this.delivery.freeze !== null;
  }

  /** The shell's name of the transport that is written to now; `null` if there is none, for example between two polls. */
  get transport(): string | null {
    return this.links.down?.transport ?? null;
  }

  /** Accepts a message for the client. It is written at the next flush that the window and a link allow (SN-23). */
  send(message: Message): SendOutcome {
    this.#home.catchUp();
    const { freeze } = this.delivery;
    if (freeze !== null && this.flow.isOpen) {
      freeze.forward(message);
      return 'ok';
    }
    const result = guard.send(this, message);
    if (result === 'ok' || result === 'above') this.#touch();
    return result;
  }

  /**
   * Accepts messages `from` to `to` (exclusive) of a batch, like consecutive calls of `send` (SN-27).
   * @param endsAt the current time, if the messages must be written now because the tick ends; `null` if more may follow in this tick.
   * @returns false, without any effect, if not all would be accepted; the caller must then send them one by one.
   */
  sendRun(messageBatch: MessageBatch, from: number, to: number, endsAt: number | null = null): boolean {
    if (!this.flow.isOpen || this.frozen || !guard.acceptRun(this, messageBatch, from, to)) return false;
    if (endsAt === null) this.#touch();
    else guard.flush(this, endsAt);
    return true;
  }

  /** Enables conflation: from now on, messages replace earlier ones with the same key (SN-33). */
  conflate(): void {
    this.flow.conflate();
  }

  /** Removes replaced messages of a full session. @returns whether that made room */
  squeeze(): boolean {
    return this.#removed(guard.squeeze(this));
  }

  /** Requests acknowledgement of this number; 0 for none. `io.counted` is then called whenever counts arrive (SN-30). */
  want(number: number): void {
    if (this.done === null && this.flow.want(number)) this.#touch();
  }

  /** Records that the application settled a message, in order of delivery, so that it may be acknowledged (SN-6). */
  consumed(message: Message): void {
    if (this.done === null && guard.settle(this, message) && writing.isAckDue(this)) this.#touch();
  }

  /** Notifies the client, again after a lost link, that messages of a hint topic were dropped (SN-23). */
  reset(topic: string): void {
    if (this.done !== null) return;
    this.pendingNotices ??= new PendingNotices();
    this.pendingNotices.reset(topic);
    this.#touch();
  }

  /** Closes the session after all accepted messages are delivered and acknowledged (SN-4). @param code of the verdict then */
  close(code?: string): void {
    this.#home.catchUp();
    if (this.flow.close(code)) this.#touch();
  }

  /** Ends the session immediately at both ends, with this code (SN-4). */
  fail(code: string): void {
    this.#finish(false, code);
  }

  /** Handles an error thrown in this session: ends the session alone, or throws the error again if that is impossible (SN-44). */
  broke(error: unknown): void {
    this.#home.broke(this, error);
  }

  /** Sets when the session's token expires; `Infinity` for never. Resumes a suspended session (SN-21). */
  renew(expiresAt: number, now: number): void {
    if (this.done !== null) return;
    this.#home.now = now;
    this.delivery.tokenLifetime = expiresAt === NEVER ? null : new TokenLifetime(expiresAt, now, this.#home.times);
    this.#pass();
    this.#sooner(this.#dueAt);
  }

  /** Accepts a short poll and returns 0, or returns by how many ms it is too early. The caller must then discard it (SN-34). */
  takePoll(leastMs: number, now: number): number {
    return this.done !== null || this.frozen ? 0 : this.links.takePoll(leastMs, now);
  }

  /** Sets a new secret. The former one stays valid until the client uses the new one (SN-20). */
  rotateTo(key: string): void {
    this.key = key;
    this.pendingNotices ??= new PendingNotices();
    this.pendingNotices.rotate();
    this.#touch();
  }

  /**
   * Takes the early messages of an `open` by number. They are delivered once the session is confirmed, or immediately if handlers
   * tolerate repetition. Messages beyond the early window are not taken and arrive again by another carrier (SN-14).
   */
  early(first: number, messages: readonly Message[], bytes: number): void {
    const { incoming } = this.flow;
    const last = first + messages.length - 1;
    const fits = last <= earlyWindow.messages && incoming.unsettledBytes + bytes <= earlyWindow.bytes;
    if (this.delivery.isConfirmed || fits) this.#took(this.delivery.takeBody(first, messages));
    if (!this.#home.earlyAtOnce || incoming.received === 0) return;
    this.delivery.begin();
    this.#pass();
  }

  /**
   * Attaches the link of an `open` as number 1, unless another link was faster. This does not confirm the session, because the
   * client may not read the answer to a repeated `open`. The client's `from` confirms the session (SN-40).
   */
  attachFirst(link: ServerLink, instance: number): void {
    const { now } = this.#home;
    if (link.session && link.session !== this) link.malformed(now);
    const record = { t: 'attach', id: '', n: 1, instance, ...nothingYet } as const;
    if (!link.open || this.frozen || this.links.isOutrun(record)) return;
    link.heardAt = now;
    this.#noteHeard(now);
    this.#attachTo(link, record, []);
  }

  /** Handles a record that names its session by id: an attach, a body or the client's failure. */
  carrier(
    link: ServerLink,
    record: AttachRecord | BodyRecord | FailRecord,
    messages: readonly Message[],
    now: number,
  ): void {
    this.#noteHeard(now);
    if (record.id === this.id && this.pendingNotices?.endRotation()) this.#home.rotated(this);
    if (this.frozen) {
      link.end('frozen', now);
      return;
    }
    if (this.done === null) {
      if (record.t === 'fail') this.#finish(false, record.code);
      else if (!isWellFormedRecord(link, record, messages.length, this.limits)) link.malformed(now);
      else if (record.t === 'attach') this.#attach(link, record, messages);
      else this.#body(link, record, messages);
      if (record.t !== 'fail' && record.token !== undefined) this.delivery.tokenCame(record.token);
    }
    // Once the session has ended, the answer to every carrier is the verdict (SN-4).
    if (this.done !== null) writing.sendVerdict(this, link, addresseeOf(record), now);
  }

  /** Handles any other record, on a two-way link. */
  linkRecord(link: ServerLink, record: ClientRecord, now: number): void {
    this.#noteHeard(now);
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
    this.#noteHeard(now);
    if (!this.#took(this.delivery.take(link, message))) link.end('gap', now);
  }

  linkEnded(link: ServerLink, now: number): void {
    this.#noteHeard(now);
    if (this.links.remove(link)) this.delivery.io.changed();
  }

  /** Writes everything queued since the last flush, as one run (SN-27). */
  flush(now: number): void {
    const { flow, links } = this;
    if (this.done !== null || this.frozen) return;
    this.#home.now = now;
    if (flow.beginClose(now)) this.#sooner(closeDueAt(flow, this.#home.times));
    if (this.#settleVerdict()) return;
    const link = links.down;
    this.#removed(flow.takeOutReplaced(link !== null));
    if (link === null) return;
    if (link.kind !== 'poll') writing.writeLink(this, link, now);
    else if (writing.isPollDue(this, link, now, this.#home.times)) writing.answerPoll(this, link, now);
    else this.#sooner(link.dueAt);
  }

  /** Called by the timer: does everything that is due. An early call is harmless. */
  tick(now: number): void {
    if (this.done !== null) return;
    this.#home.now = now;
    const { freeze } = this.delivery;
    if (freeze === null) this.#tickOn(now);
    else if (!freeze.check(this.delivery.isAtRest, now)) this.#finish(false, 'lost');
    if (this.done === null) this.nextTickAt = this.#dueAt;
  }

  #tickOn(now: number): void {
    if (this.delivery.tokenLifetime?.check(now) === 'over') {
      this.#finish(false, 'expired');
      return;
    }
    this.#pass();
    writing.tickLinks(this, now);
    if (now >= this.delivery.unconfirmedAt(this.#home.times)) this.#finish(false, 'unconfirmed');
    else if (now >= closeDueAt(this.flow, this.#home.times)) this.#settleVerdict() || this.#finish(false, 'timeout');
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
   * Freezes the session for a hand-over to another node (SN-24): assigns no more numbers, ends all links and reads nothing. This
   * cannot be undone. The caller must call `moved` in time; otherwise the session ends with `lost`.
   * @returns false if it has ended, is frozen or is unconfirmed
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
   * Returns the snapshot for another node. Must be called only after `Freezing.settled` (SN-24).
   * @param topics the session's topics, with their offsets
   * @param application plain data of the application
   */
  snapshot(topics: readonly string[], application: JsonValue, now: number): SessionSnapshot {
    return { ...snapshotOf(this, now), former: this.#home.formerId(this), topics, application };
  }

  /**
   * Continues from the snapshot given to the constructor, in the next term. Must be called once, before anything else (SN-24).
   */
  resume(from: SessionSnapshot, now: number): void {
    if (from.unacknowledged.some(({ key }) => key !== undefined)) this.conflate();
    restoreParts(this, from, now);
    this.delivery.confirm();
    this.renew(from.leaseMs === null ? NEVER : now + from.leaseMs, now);
  }

  /** Drops the session without a verdict to the client, because another node has confirmed that it stored the snapshot. */
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
    const out = Math.max(record.received, this.flow.outgoing.acked) + 1;
    link.attach(out, record.prompt === true || messages.length > 0);
    this.#hide(record.hidden === true);
    this.pendingNotices?.resetsSeen(record.resets ?? 0);
    if (before !== null && before !== link) writing.supersede(this, before, former, this.#home.now);
    this.#took(this.delivery.takeBody(record.first ?? 0, messages));
    if (this.done !== null) return;
    const fraction = link.kind === 'poll' ? pollHoldFraction(this.nonce, record.n) : 1;
    link.dueAt = this.#home.now + links.heartbeatMs * fraction;
    if (link.kind !== 'poll') writing.writeHead(this, link);
    links.use(link);
    if (before !== link) this.delivery.io.changed();
    this.#sooner(this.#dueAt);
    // A poll is answered at the flush. Any other link is written to now, because until the flush an acknowledgement by another link
    // could make the `first` that the head has just stated outdated (SN-5).
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

  /** Ends the session if the messages violated its rules. @returns false for a gap, after which the carrier must not be read */
  #took(taking: Taking): boolean {
    if (taking === 'hostile' || taking === 'lost') this.#finish(false, taking);
    return taking !== 'gap';
  }

  #noteHeard(now: number): void {
    this.#home.now = now;
    this.links.heard(now);
  }

  #hide(hidden: boolean): void {
    if (this.links.hide(hidden, this.#home.now)) this.#sooner(this.#dueAt);
  }

  /** Applies the client's counts. Must precede the messages that came with them (SN-2). @returns false if the session has ended */
  #learn(counts: Counts): boolean {
    if (this.done !== null) return false;
    const learning = this.flow.learn(counts);
    if (learning === 'lost') this.#finish(false, 'lost');
    if (learning === 'drained') this.delivery.io.drain();
    if (counts.last !== undefined) this.close();
    if (this.flow.isWaiting) this.delivery.io.counted?.();
    return this.done === null;
  }

  /** Acts on counts that were applied: messages may be due now, or the close may be complete. */
  #settle(): void {
    const { outgoing } = this.flow;
    const { down } = this.links;
    // The client has got the link's delayed messages by another link, so this link cannot continue from its stated number (SN-5).
    if (down && down.kind !== 'poll' && down.out <= outgoing.acked) down.end('done', this.#home.now);
    if (this.#settleVerdict() || down === null) return;
    if (down.out <= outgoing.allowed || writing.isAckDue(this) || !this.flow.isOpen) this.#touch();
  }

  /** Ends the session if its counts prove that the close is complete or lost (SN-4). @returns whether it has ended */
  #settleVerdict(): boolean {
    if (this.flow.isOpen) return false;
    const code = this.flow.proven();
    if (code !== null) this.#finish(code !== 'lost', code);
    return this.done !== null;
  }

  #finish(clean: boolean, code: string): void {
    if (this.done === null) this.#home.catchUp();
    if (this.done !== null) return;
    const verdict = this.#bury(clean, code);
    const { instance } = this.links;
    for (const link of this.links.all) writing.sendVerdict(this, link, { instance }, this.#home.now);
    this.#home.buried(this);
    this.delivery.end().ended(verdict);
  }

  /** Reduces the session to a tombstone, which only keeps the verdict for later requests of the client. */
  #bury(clean: boolean, code: string): Verdict {
    this.pendingNotices = null;
    this.nextTickAt = NEVER;
    return this.flow.end(clean, code);
  }

  #confirm(): void {
    if (!this.delivery.confirm()) return;
    this.#pass();
    // Messages settled before the confirmation may be acknowledged only now.
    if (writing.isAckDue(this)) this.#touch();
  }

  #pass(): void {
    if (this.delivery.update(this.#home.now)) this.#touch();
  }

  #touch(): void {
    if (!this.touched) this.#home.touch(this);
  }

  /** Reports messages that were removed because newer ones replace them (SN-33). @returns whether there were any */
  #removed(removed: Removed): boolean {
    if (removed.length === 0) return false;
    this.delivery.io.renumbered?.(removed);
    if (this.flow.outgoing.drained()) this.delivery.io.drain();
    return true;
  }
}
