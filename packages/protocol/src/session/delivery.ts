import type { SessionTimes } from '../limits.js';
import type { Message } from '../message.js';
import type { BodyRecord } from '../record.js';
import type { ServerSessionIo } from './contract.js';
import type { Freeze } from './freeze.js';
import type { Incoming, ReadCursor, Taking } from './incoming.js';
import type { Lease } from './lease.js';
import type { PartRecord } from './partial-message.js';

const NONE: readonly never[] = [];

/** A tombstone holds nothing of the application. */
const nobody: ServerSessionIo = {
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
 * Hands messages to the application at the server, or holds them back: until the session is confirmed (SN-14), while its token has
 * run out (SN-21), from its freeze on (SN-24).
 */
export class Delivery {
  /** The token behind the session, where it has one; and the freeze before it is handed over. */
  lease: Lease | null = null;
  freeze: Freeze | null = null;
  /** The application's side. */
  io: ServerSessionIo = nobody;
  readonly #incoming: Incoming;
  readonly #bornAt: number;
  #confirmed = false;
  #begun = false;
  #open = false;
  /** Taken, and not to be delivered yet. */
  #held: readonly Message[] = NONE;

  constructor(incoming: Incoming, now: number) {
    this.#incoming = incoming;
    this.#bornAt = now;
  }

  /** A carrier other than `open` came. */
  get isConfirmed(): boolean {
    return this.#confirmed;
  }

  /** The application knows of the session: it is confirmed, or brought messages that do not wait for that. */
  get hasBegun(): boolean {
    return this.#begun;
  }

  get isSuspended(): boolean {
    return this.lease?.isSuspended === true;
  }

  /** Messages pass, as of the last `update`; else what is taken is held. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** What is held back, in order. */
  get held(): readonly Message[] {
    return this.#held;
  }

  /** Every message is held, or settled: no handler is at work. */
  get isAtRest(): boolean {
    const { settled, received } = this.#incoming;
    return settled + this.#held.length === received;
  }

  /** Goes on with what another node held back (SN-24). */
  hold(messages: readonly Message[]): void {
    this.#held = messages;
  }

  /** When a session that nobody has confirmed ends; `Infinity` for never. */
  unconfirmedAt({ unconfirmedMs }: SessionTimes): number {
    return this.#confirmed ? Number.POSITIVE_INFINITY : this.#bornAt + unconfirmedMs;
  }

  /** @returns whether that is news, and messages may pass now */
  confirm(): boolean {
    if (this.#confirmed) return false;
    this.#confirmed = true;
    this.io.confirmed();
    this.begin();
    return true;
  }

  /** Tells the application of the session. `update` is to follow. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.io.begun();
  }

  /** Takes the next message of a carrier, and delivers it where it is new. */
  take(cursor: ReadCursor, message: Message): Taking {
    const taking = this.#incoming.take(cursor, message);
    if (taking === 'taken') this.#deliver(message);
    return taking;
  }

  /** Whole or not at all: a body that begins beyond `received + 1` is not taken (SN-2, SN-7). @returns what ends the session, if anything */
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

  /** Messages, or a part of one, which is delivered once it is whole (SN-45). @returns `gap` where what came is no message */
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
   * Looks at what holds messages back. What the application has not begun to handle is taken back, or given to it again.
   *
   * @returns whether messages pass that did not before
   */
  update(now: number): boolean {
    // It may have run out before the first tick, for instance after a hand-over.
    this.lease?.check(now);
    const open = this.#begun && !this.isSuspended && this.freeze === null;
    if (open === this.#open) return false;
    this.#open = open;
    if (!open) {
      this.#held = [...this.io.recall()];
      return false;
    }
    const held = this.#held;
    this.#held = NONE;
    // A handler may end the session, or have it frozen: then the rest is forgotten, or held again.
    for (const message of held) this.#deliver(message);
    return true;
  }

  /** Only a token that was asked for is handed on. */
  tokenCame(token: string): void {
    if (this.lease?.take()) this.io.token(token);
  }

  /** Nothing is told any more; call it after the links have ended, for that is told. @returns who was told until now */
  end(): ServerSessionIo {
    const { io } = this;
    this.io = nobody;
    this.lease = null;
    this.freeze = null;
    this.#held = NONE;
    return io;
  }
}
