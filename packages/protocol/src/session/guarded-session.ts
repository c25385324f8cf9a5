// Over 300 lines: what holds messages back is one state.
import type { Counts } from '../counts.js';
import type { BufferLimits, SessionLimits, SessionTimes } from '../limits.js';
import type { Message } from '../message.js';
import type { ServerRecord } from '../record.js';
import { ConflatingSession } from './conflating-session.js';
import type { LinkEnd, SendResult, ServerSessionIo } from './contract.js';
import { Lease } from './lease.js';
import { ResetLog } from './reset-log.js';
import type { ServerLink } from './server-link.js';

/** What a session asks of the registry it lives in. */
export interface SessionHome {
  readonly limits: SessionLimits;
  readonly buffers: BufferLimits;
  readonly times: SessionTimes;
  /** Whether early messages pass before their session is confirmed, see `RegistryOptions.earlyAtOnce`. */
  readonly earlyAtOnce: boolean;
  /** Clock reading of the input being handled: each input sets it. */
  now: number;
  /** The session has something to write before this turn ends. */
  touch(session: GuardedSession): void;
  /** Whoever holds a run back for it is to send it now, see `RegistryIo.catchUp`. */
  catchUp(): void;
  /** `nextTickAt` has become earlier. */
  sooner(session: GuardedSession): void;
  /** It has its verdict: a tombstone from now on. */
  buried(session: GuardedSession): void;
  /** A carrier named it by the new id: the former one is worth nothing any more. */
  rotated(session: GuardedSession): void;
  /** Another node has it: it is forgotten, without a verdict. */
  moved(session: GuardedSession): void;
  /** The whole id of the session with this key, and the one before, while that is good. */
  idOf(key: string): string;
  formerId(session: GuardedSession): string | null;
}

/** What is done with a frozen session (SN-24). Called from `tick` and `send`; they may not call back into the session. */
export interface Freezing {
  /** What was sent after the freeze: it has no number, and is to be sent by the new owner, in this order. */
  forward(message: Message): void;
  /** Every handler has settled: `session.snapshot` may be called, and what it says stays true. */
  settled(): void;
}

/** What few sessions have; apart, because idle sessions are many. */
interface Extras {
  resets: ResetLog | null;
  lease: Lease | null;
  /** A new id was given and not used yet; where it was told last (SN-20). */
  rotation: { told: ServerLink | null } | null;
  freeze: { readonly with: Freezing; until: number; settled: boolean } | null;
  term: number;
  /** When a poll that is not held was last taken (SN-34). */
  polledAt: number;
}

const noRoom: BufferLimits = { bufferMessagesMax: 0, bufferBytesMax: 0 };
export const unlimited: BufferLimits = {
  bufferMessagesMax: Number.POSITIVE_INFINITY,
  bufferBytesMax: Number.POSITIVE_INFINITY,
};
/** How often a frozen session looks whether its handlers have settled, in milliseconds. */
const settleLookMs = 20;

/** A tombstone holds nothing of the application. */
export const nobody: ServerSessionIo = {
  begun: () => undefined,
  confirmed: () => undefined,
  deliver: () => undefined,
  recall: () => [],
  token: () => undefined,
  ended: () => undefined,
  drain: () => undefined,
  changed: () => undefined,
};
export const none: readonly never[] = [];

/**
 * What lets the messages of the server's end pass, or holds them back: the confirmation (SN-14), the token behind the session
 * (SN-21), the freeze before it is handed over (SN-24). Also what is told beside messages: resets, a new id, a wish for a token.
 */
export abstract class GuardedSession extends ConflatingSession {
  /** Secret that names it in the registry; see `id`. */
  key: string;
  readonly nonce: string;
  /** When `tick` is due, milliseconds of the shell's clock; `Infinity` for never. */
  nextTickAt: number = Number.POSITIVE_INFINITY;
  /** A carrier other than `open` came (SN-14). */
  confirmed = false;
  /** The application knows of it: it is confirmed, or brought messages that do not wait for that (SN-14). */
  begun = false;
  /** Messages pass: it has begun, its token is good, it is not frozen. Else what was taken waits in `held`. */
  flowing = false;
  held: Message[] = none as never[];
  /** Whether a flush is coming anyway: kept here by the registry. */
  touched = false;
  protected readonly home: SessionHome;
  override io: ServerSessionIo = nobody;
  protected extras: Extras | null = null;

  constructor(home: SessionHome, key: string, nonce: string) {
    super(home.buffers);
    this.home = home;
    this.key = key;
    this.nonce = nonce;
    this.limits = home.limits;
  }

  /** What a client names it by: the secret and where it is to be found (SN-20). */
  get id(): string {
    return this.home.idOf(this.key);
  }

  /** How often it was handed over (SN-24). */
  get term(): number {
    return this.extras?.term ?? 0;
  }

  get suspended(): boolean {
    return this.extras?.lease?.suspended === true;
  }

  get frozen(): boolean {
    return this.extras !== null && this.extras.freeze !== null;
  }

  /** `expiresAt` on the shell's clock; `Infinity`: for ever. A suspended session goes on (SN-21). */
  renew(expiresAt: number, now: number): void {
    if (this.done) return;
    this.home.now = now;
    const extras = this.more();
    extras.lease = expiresAt === Number.POSITIVE_INFINITY ? null : new Lease(expiresAt, now, this.home.times);
    this.flow();
    this.sooner(this.due());
  }

  /**
   * Takes a poll that is not held, or says how many milliseconds it is too early; then nothing is noted, so that asking again
   * costs nothing, and the shell lets nothing of it reach the session (SN-34).
   */
  takePoll(leastMs: number, now: number): number {
    if (this.done || this.frozen) return 0;
    const extras = this.more();
    const early = extras.polledAt + leastMs - now;
    if (early > 0) return early;
    extras.polledAt = now;
    return 0;
  }

  /** Milliseconds since one was taken; `undefined` where none was. */
  protected polledMs(now: number): number | undefined {
    const at = this.extras?.polledAt ?? Number.NEGATIVE_INFINITY;
    return at === Number.NEGATIVE_INFINITY ? undefined : now - at;
  }

  /** A hint topic dropped messages: tells the client, again after a lost link (SN-23). */
  reset(topic: string): void {
    if (this.done) return;
    const extras = this.more();
    extras.resets ??= new ResetLog();
    extras.resets.add(topic);
    this.touch();
  }

  /** The registry gave it another secret; the former one is good until this one was used (SN-20). */
  rotateTo(key: string): void {
    this.key = key;
    this.more().rotation = { told: null };
    this.touch();
  }

  /**
   * Stops for a hand-over (SN-24): no number is given any more, links end, nothing is read. It never thaws: either `moved` is
   * called in time, or it ends with `lost`.
   *
   * @returns false where it has ended or nobody has confirmed it
   */
  freeze(freezing: Freezing, now: number): boolean {
    this.home.catchUp();
    if (this.done || this.frozen || !this.confirmed) return false;
    this.home.now = now;
    this.#hold();
    this.buffers = noRoom;
    this.more().freeze = { with: freezing, until: now + this.home.times.freezeMs, settled: false };
    this.endLinks('frozen');
    this.sooner(now);
    return true;
  }

  /** The new owner has stored the snapshot and said so: this one is forgotten, without a verdict. */
  moved(now: number): void {
    if (this.done || !this.extras?.freeze?.settled) return;
    this.home.now = now;
    this.finish(false, 'moved');
    this.io = nobody;
    this.held = none as never[];
    this.nextTickAt = Number.POSITIVE_INFINITY;
    this.home.moved(this);
  }

  override send(message: Message): SendResult {
    this.home.catchUp();
    const result = super.send(message);
    const freeze = result === 'full' ? this.extras?.freeze : null;
    if (!freeze) return result;
    freeze.with.forward(message);
    return 'ok';
  }

  override close(): void {
    this.home.catchUp();
    super.close();
  }

  protected abstract due(): number;
  protected abstract endLinks(reason: LinkEnd): void;

  protected override deliver(message: Message): void {
    if (this.flowing) this.io.deliver(message);
    else if (this.held.length > 0) this.held.push(message);
    else this.held = [message];
  }

  protected override touch(): void {
    if (!this.touched) this.home.touch(this);
  }

  protected sooner(at: number): void {
    if (at >= this.nextTickAt) return;
    this.nextTickAt = at;
    this.home.sooner(this);
  }

  protected confirm(): void {
    if (this.confirmed) return;
    this.confirmed = true;
    this.io.confirmed();
    this.begin();
    // What was handled before the confirmation may be told only now.
    if (this.ackDue()) this.touch();
  }

  /** Who has not confirmed its session may have to open another, with all of its messages: nothing is acknowledged to it (SN-14). */
  override counts(): Counts {
    const counts = super.counts();
    if (this.confirmed || counts.ack === 0) return counts;
    this.ackTold = 0;
    this.toldBytes = 0;
    return { ...counts, ack: 0 };
  }

  override ackDue(): boolean {
    return this.confirmed && super.ackDue();
  }

  protected begin(): void {
    if (this.begun) return;
    this.begun = true;
    this.io.begun();
    this.flow();
  }

  /** A carrier named the session by this id. */
  protected named(id: string): void {
    if (!this.extras?.rotation || id !== this.id) return;
    this.extras.rotation = null;
    this.home.rotated(this);
  }

  /** Only one that was asked for: who checks tokens is not to be flooded (SN-21). */
  protected tokenCame(token: string): void {
    const lease = this.extras?.lease;
    if (!lease?.asked) return;
    lease.asked = false;
    this.io.token(token);
  }

  /** @returns false where the session has ended or is frozen: nothing else is to be done */
  protected tickGuards(now: number): boolean {
    const { extras, home } = this;
    if (!extras) return true;
    const { freeze, lease } = extras;
    if (freeze) this.#tickFreeze(freeze, now);
    else if (lease && now >= lease.expiresAt + home.times.suspendedMs) this.fail('expired');
    else if (lease && now >= lease.expiresAt && !lease.suspended) {
      lease.suspended = true;
      this.#hold();
    }
    return !this.done && !freeze;
  }

  /** When `tickGuards` has something to do, or the client is to be asked for a token. */
  protected guardsDue(): number {
    const { extras, home } = this;
    if (!extras) return Number.POSITIVE_INFINITY;
    const { freeze, lease } = extras;
    if (freeze) return freeze.settled ? freeze.until : Math.min(freeze.until, home.now + settleLookMs);
    if (!lease) return Number.POSITIVE_INFINITY;
    const end = lease.suspended ? lease.expiresAt + home.times.suspendedMs : lease.expiresAt;
    return this.down ? Math.min(end, lease.askAt) : end;
  }

  /** Whether something besides messages and counts is to be told. */
  protected asidesDue(link: ServerLink): boolean {
    const { extras } = this;
    if (!extras) return false;
    const { resets, lease, rotation } = extras;
    if (rotation && rotation.told !== link) return true;
    if (lease && this.home.now >= lease.askAt) return true;
    return resets !== null && resets.told < resets.last && !lease?.suspended;
  }

  protected writeAsides(link: ServerLink): void {
    const { extras, home } = this;
    if (!extras || !this.asidesDue(link)) return;
    const { resets, lease, rotation } = extras;
    const write = (record: ServerRecord): void => link.io.writeRecord(record);
    if (rotation && rotation.told !== link) {
      rotation.told = link;
      write({ t: 'rotate', id: this.id });
    }
    if (lease && home.now >= lease.askAt) {
      lease.ask(home.now, home.times);
      write({ t: 'auth' });
    }
    if (resets && !lease?.suspended) for (const [topic, no] of resets.take()) write({ t: 'reset', topic, no });
  }

  protected resetsSeen(no: number): void {
    this.extras?.resets?.seen(no);
  }

  #tickFreeze(freeze: NonNullable<Extras['freeze']>, now: number): void {
    if (now >= freeze.until) this.fail('lost');
    else if (!freeze.settled && this.settled + this.held.length === this.received) {
      freeze.settled = true;
      freeze.until = now + this.home.times.handOverMs;
      freeze.with.settled();
    }
  }

  /** What the application has not begun to handle is taken back: it is delivered when messages pass again, or by another node. */
  #hold(): void {
    if (!this.flowing) return;
    this.flowing = false;
    this.held = [...this.io.recall()];
  }

  /** Messages pass, if nothing holds them. */
  protected flow(): void {
    if (this.flowing || !this.begun || this.suspended || this.frozen) return;
    this.flowing = true;
    const { held } = this;
    this.held = none as never[];
    for (const message of held) if (!this.done) this.deliver(message);
    this.touch();
  }

  protected more(): Extras {
    this.extras ??= {
      resets: null,
      lease: null,
      rotation: null,
      freeze: null,
      term: 0,
      polledAt: Number.NEGATIVE_INFINITY,
    };
    return this.extras;
  }
}
