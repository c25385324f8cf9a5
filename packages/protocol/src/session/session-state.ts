import type { Counts } from '../counts.js';
import type { Message } from '../message.js';
import { AckRequests } from './ack-requests.js';
import { Conflation, NOTHING, type Removed } from './conflation.js';
import type { SendOutcome, Verdict } from './contract.js';
import type { Incoming } from './incoming.js';
import type { Outgoing } from './outgoing.js';

/**
 * Progress of the close (SN-4). `asked`: `close` was called, and the next flush sets the time. `code` is the code of a
 * clean end; `since` is in milliseconds of the shell's clock.
 */
type Closing =
  | { readonly state: 'open' }
  | { readonly state: 'asked'; readonly code: string }
  | { readonly state: 'closing'; readonly code: string; readonly since: number }
  | { readonly state: 'done'; readonly verdict: Verdict };

/** Shared, because there are many idle sessions. */
const OPEN: Closing = { state: 'open' };
const ASKED: Closing = { state: 'asked', code: 'closed' };

/**
 * Result of applying the peer's counts. `lost`: they contradict this end's own. `drained`: they are applied, and there is
 * room again for an application that had to wait. `learnt`: they are applied.
 */
export type Learning = 'lost' | 'drained' | 'learnt';

/**
 * Combines both directions of one end of a session: its counts, the checks of the peer's counts, and the close. The
 * directions themselves do not depend on each other (SN-4, SN-5, SN-6, SN-30).
 */
export class SessionState {
  readonly outgoing: Outgoing;
  readonly incoming: Incoming;
  /** Whether the verdict was written to a carrier. */
  verdictSent = false;
  #closing: Closing = OPEN;
  // Needed by few sessions; allocated lazily.
  #ackRequests: AckRequests | null = null;
  #conflation: Conflation | null = null;

  constructor(outgoing: Outgoing, incoming: Incoming) {
    this.outgoing = outgoing;
    this.incoming = incoming;
  }

  /** The verdict; `null` before the end. */
  get done(): Verdict | null {
    return this.#closing.state === 'done' ? this.#closing.verdict : null;
  }

  /** Whether `send` accepts messages, because no close was requested and the session has not ended. */
  get isOpen(): boolean {
    return this.#closing === OPEN;
  }

  /** When the close began, in milliseconds of the shell's clock; `Infinity` if it has not. */
  get closingSince(): number {
    return this.#closing.state === 'closing' ? this.#closing.since : Number.POSITIVE_INFINITY;
  }

  /** Returns how long ago the close began, in milliseconds; `null` if it has not. */
  closingMs(now: number): number | null {
    if (this.#closing.state === 'asked') return 0;
    return this.#closing.state === 'closing' ? now - this.#closing.since : null;
  }

  /** Accepts a message, unless the session closes. */
  send(message: Message): SendOutcome {
    return this.isOpen ? this.outgoing.accept(message) : 'closed';
  }

  /** Sets the number that this end waits for; 0 for none. @returns whether the peer must be asked */
  want(number: number): boolean {
    this.#ackRequests ??= new AckRequests();
    return this.#ackRequests.want(number);
  }

  /** Enables conflation: from now on, messages replace earlier ones with the same key (SN-33). */
  conflate(): void {
    this.#conflation ??= new Conflation();
  }

  /**
   * Removes replaced messages of a session that is full. No-op while closing, because the peer knows the last number.
   */
  squeeze(): Removed {
    return (this.isOpen && this.#conflation?.squeeze(this.outgoing)) || NOTHING;
  }

  /** Removes messages that were replaced while waiting. @param linked there is a link to write to */
  takeOutReplaced(linked: boolean): Removed {
    return (this.isOpen && this.#conflation?.flush(this.outgoing, linked)) || NOTHING;
  }

  /** Whether this end waits for an acknowledgement. */
  get isWaiting(): boolean {
    return this.#ackRequests?.isWaiting === true;
  }

  /** Records that the messages written now are acknowledged without a request. */
  skipRequest(): void {
    this.#ackRequests?.skipRequest(this.outgoing.written);
  }

  /** Whether counts must be sent. */
  get isAckDue(): boolean {
    const { incoming, outgoing } = this;
    return incoming.isAckDue(!this.isOpen) || this.#ackRequests?.isDue(outgoing, incoming) === true;
  }

  /** Returns the counts block (SN-5) and regards its `ack` as sent. */
  counts(): Counts {
    const { incoming, outgoing } = this;
    const ack = incoming.takeAck();
    const { received, sum } = incoming;
    const { acked: seen, written: sent } = outgoing;
    let counts: Counts = this.isOpen
      ? { ack, received, seen, sent, sum }
      : { ack, received, seen, sent, sum, last: outgoing.sent, lastSum: outgoing.sum };
    if (incoming.held > 0) counts = { ...counts, partial: incoming.held };
    return this.#ackRequests?.addTo(counts) ?? counts;
  }

  /**
   * Applies the peer's counts. Must be called before any message of their carrier is taken (SN-2). Returns `lost`,
   * without any effect, if they contradict this end's history: an end was rolled back, or bytes were damaged.
   */
  learn(counts: Counts): Learning {
    const { incoming, outgoing } = this;
    if (!outgoing.isPossible(counts) || !incoming.isPossible(counts)) return 'lost';
    if (counts.want !== undefined) this.#ackRequests ??= new AckRequests();
    this.#ackRequests?.note(counts);
    incoming.learn(counts);
    return outgoing.learn(counts) ? 'drained' : 'learnt';
  }

  /** Begins to close: `send` accepts nothing more. @returns false if it was closing already */
  close(code = 'closed'): boolean {
    if (!this.isOpen) return false;
    this.#closing = code === 'closed' ? ASKED : { state: 'asked', code };
    return true;
  }

  /** Sets the start time of a requested close. @returns false if no close was requested since */
  beginClose(now: number): boolean {
    if (this.#closing.state !== 'asked') return false;
    this.#closing = { state: 'closing', code: this.#closing.code, since: now };
    return true;
  }

  /** Restores a close that began at this time. */
  restoreClose(since: number): void {
    this.#closing = { state: 'closing', code: 'closed', since };
  }

  /**
   * Returns what this end's own counts prove about a close: the code of a clean end if everything promised by both ends
   * was acknowledged and the checksums match; `lost` if they do not match; otherwise `null`.
   */
  proven(): string | null {
    const closing = this.#closing;
    if (closing.state !== 'asked' && closing.state !== 'closing') return null;
    const ended = this.incoming.ended();
    if (ended === 'lost') return 'lost';
    return ended === 'all' && this.outgoing.acked === this.outgoing.sent ? closing.code : null;
  }

  /** Ends the session with a verdict and frees all unacknowledged messages. */
  end(clean: boolean, code: string): Verdict {
    const { acked, sent } = this.outgoing;
    const verdict = { clean, code, acknowledged: acked, sent, unknown: sent - acked };
    this.#closing = { state: 'done', verdict };
    this.outgoing.free();
    this.#ackRequests = null;
    this.#conflation = null;
    return verdict;
  }
}
