import type { SessionTimes } from '../limits.js';
import type { Message } from '../message.js';
import type { BodyRecord } from '../record.js';
import type { ServerSessionIo } from './contract.js';
import type { Freeze } from './freeze.js';
import type { Incoming, ReadCursor, Taking } from './incoming.js';
import type { PartRecord } from './partial-message.js';
import type { TokenLifetime } from './token-lifetime.js';

const NONE: readonly never[] = [];

/**
 * Replaces the application's side after the end of a session. So a tombstone (an ended session that only answers with
 * its verdict) retains nothing of the application.
 */
const noApplication: ServerSessionIo = {
  begun: () => undefined,
  confirmed: () => undefined,
  deliver: () => undefined,
  recall: () => [],
  token: () => undefined,
  ended: () => undefined,
  drain: () => undefined,
  changed: () => undefined,
};

/**
 * Delivers messages to the application at the server, or holds them back. Messages are held back until the session is
 * confirmed (SN-14), while its token is expired (SN-21), and once it is frozen for a move to another node (SN-24).
 */
export class Delivery {
  /** The validity of the session's token, if it has one; and the freeze before a hand-over. */
  tokenLifetime: TokenLifetime | null = null;
  freeze: Freeze | null = null;
  /** The application's side. */
  io: ServerSessionIo = noApplication;
  readonly #incoming: Incoming;
  readonly #bornAt: number;
  #confirmed = false;
  #begun = false;
  #open = false;
  /** Messages that were received but are held back. */
  #held: readonly Message[] = NONE;

  constructor(incoming: Incoming, now: number) {
    this.#incoming = incoming;
    this.#bornAt = now;
  }

  /** Whether a carrier other than the `open` has arrived. */
  get isConfirmed(): boolean {
    return this.#confirmed;
  }

  /** Whether the application knows of the session: it is confirmed, or has early messages to deliver. */
  get hasBegun(): boolean {
    return this.#begun;
  }

  /** Whether the session's token is expired. */
  get isSuspended(): boolean {
    return this.tokenLifetime?.isSuspended === true;
  }

  /** Whether messages are delivered, according to the last `update`. Otherwise they are held. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** The messages held back, in order. */
  get held(): readonly Message[] {
    return this.#held;
  }

  /** Whether every message is held or settled, so that no handler is running. */
  get isAtRest(): boolean {
    const { settled, received } = this.#incoming;
    return settled + this.#held.length === received;
  }

  /** Restores the messages that another node held back (SN-24). */
  hold(messages: readonly Message[]): void {
    this.#held = messages;
  }

  /** Returns when an unconfirmed session ends; `Infinity` if it is confirmed. */
  unconfirmedAt({ unconfirmedMs }: SessionTimes): number {
    return this.#confirmed ? Number.POSITIVE_INFINITY : this.#bornAt + unconfirmedMs;
  }

  /** Confirms the session. @returns false if it was confirmed already; otherwise the caller must call `update` */
  confirm(): boolean {
    if (this.#confirmed) return false;
    this.#confirmed = true;
    this.io.confirmed();
    this.begin();
    return true;
  }

  /** Reports the session to the application. The caller must call `update` afterwards. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.io.begun();
  }

  /** Takes the next message of a carrier, and delivers it if it is new. */
  take(cursor: ReadCursor, message: Message): Taking {
    const taking = this.#incoming.take(cursor, message);
    if (taking === 'taken') this.#deliver(message);
    return taking;
  }

  /**
   * Takes the messages of a body, or none if it begins after `received + 1` (SN-2, SN-7). `hostile` and `lost` end the
   * session.
   */
  takeBody(first: number, messages: readonly Message[]): Taking {
    let taking: Taking = 'taken';
    if (first > this.#incoming.received + 1) return taking;
    const cursor = { in: first };
    for (const message of messages) {
      taking = this.take(cursor, message);
      if (taking === 'hostile' || taking === 'lost') break;
    }
    return taking;
  }

  /**
   * Takes the messages of a body, or a part of one, which is delivered once whole (SN-45). `gap`: the part is invalid.
   */
  takeUp(record: BodyRecord, messages: readonly Message[]): Taking {
    if (record.part === undefined) return this.takeBody(record.first, messages);
    const taking = this.#incoming.takePart(record as PartRecord);
    return typeof taking === 'string' ? taking : this.take({ in: record.first }, taking);
  }

  #deliver(message: Message): void {
    if (this.#open) this.io.deliver(message);
    else this.#held = this.#held.length === 0 ? [message] : [...this.#held, message];
  }

  /**
   * Decides whether messages are held back. If so, recalls those that no handler has begun with; if not, delivers the
   * held ones.
   *
   * @returns whether messages are delivered now that were held before
   */
  update(now: number): boolean {
    // The token may have expired before the first tick, for instance after a hand-over.
    this.tokenLifetime?.check(now);
    const open = this.#begun && !this.isSuspended && this.freeze === null;
    if (open === this.#open) return false;
    this.#open = open;
    if (!open) {
      this.#held = [...this.io.recall()];
      return false;
    }
    const held = this.#held;
    this.#held = NONE;
    // A handler may end or freeze the session; then the remaining messages are dropped or held again.
    for (const message of held) this.#deliver(message);
    return true;
  }

  /** Passes a token to the application, if one was requested. */
  tokenCame(token: string): void {
    if (this.tokenLifetime?.take()) this.io.token(token);
  }

  /**
   * Stops all reports to the application. The caller must have ended the links before, because their end is reported.
   *
   * @returns the application's side until now
   */
  end(): ServerSessionIo {
    const { io } = this;
    this.io = noApplication;
    this.tokenLifetime = null;
    this.freeze = null;
    this.#held = NONE;
    return io;
  }
}
