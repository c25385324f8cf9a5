import type { Counts } from '../counts.js';
import type { Message } from '../message.js';
import { AckRequests } from './ack-requests.js';
import { Conflation, NOTHING, type Removed } from './conflation.js';
import type { SendResult, Verdict } from './contract.js';
import type { Incoming } from './incoming.js';
import type { Outgoing } from './outgoing.js';

/**
 * How far the close has come (SN-4). `asked`: the clock was not read since. `code` is what the verdict says where the end is clean,
 * `since` milliseconds of the shell's clock.
 */
type Closing =
  | { readonly state: 'open' }
  | { readonly state: 'asked'; readonly code: string }
  | { readonly state: 'closing'; readonly code: string; readonly since: number }
  | { readonly state: 'done'; readonly verdict: Verdict };

/** Shared, because idle sessions are many. */
const OPEN: Closing = { state: 'open' };
const ASKED: Closing = { state: 'asked', code: 'closed' };

/** What the counts of the other end have come to. `drained`: there is room again for a sender who was told that there was none. */
export type Learning = 'lost' | 'drained' | 'learnt';

/**
 * What one end of a session states of both directions, believes of what the other end states, and how it ends: the two directions
 * themselves know nothing of each other (SN-4, SN-5, SN-6, SN-30).
 */
export class Ledger {
  readonly outgoing: Outgoing;
  readonly incoming: Incoming;
  #closing: Closing = OPEN;
  // What few sessions have; `null` until then.
  #ackRequests: AckRequests | null = null;
  #conflation: Conflation | null = null;

  constructor(outgoing: Outgoing, incoming: Incoming) {
    this.outgoing = outgoing;
    this.incoming = incoming;
  }

  get done(): Verdict | null {
    return this.#closing.state === 'done' ? this.#closing.verdict : null;
  }

  /** It accepts messages. */
  get isOpen(): boolean {
    return this.#closing === OPEN;
  }

  /** Milliseconds of the shell's clock when the close began; `Infinity` where it has not. */
  get closingSince(): number {
    return this.#closing.state === 'closing' ? this.#closing.since : Number.POSITIVE_INFINITY;
  }

  /** How long ago the close was asked for, in milliseconds; `null` where it was not. */
  closingMs(now: number): number | null {
    if (this.#closing.state === 'asked') return 0;
    return this.#closing.state === 'closing' ? now - this.#closing.since : null;
  }

  send(message: Message): SendResult {
    return this.isOpen ? this.outgoing.accept(message) : 'closed';
  }

  /** Somebody here waits for this number; 0 for nobody. @returns whether the other end is to be told */
  want(number: number): boolean {
    this.#ackRequests ??= new AckRequests();
    return this.#ackRequests.want(number);
  }

  /** Messages with a key are sent: from now on they replace each other (SN-33). */
  conflate(): void {
    this.#conflation ??= new Conflation();
  }

  /** Takes out what was replaced, for a session that is full. The last number was told to who closes: it stays what it is. */
  squeeze(): Removed {
    return (this.isOpen && this.#conflation?.squeeze(this.outgoing)) || NOTHING;
  }

  /** Takes out what was replaced while it waited. @param linked there is a link to write to */
  takeOutReplaced(linked: boolean): Removed {
    return (this.isOpen && this.#conflation?.flush(this.outgoing, linked)) || NOTHING;
  }

  /** Whether somebody here waits for news of what he sent. */
  get isWaiting(): boolean {
    return this.#ackRequests?.isWaiting === true;
  }

  /** What is written now acknowledges by itself what is waited for. */
  tellWritten(): void {
    this.#ackRequests?.tellWritten(this.outgoing.written);
  }

  /** Whether counts are due by themselves. */
  get isAckDue(): boolean {
    const { incoming, outgoing } = this;
    return incoming.isAckDue(!this.isOpen) || this.#ackRequests?.isDue(outgoing, incoming) === true;
  }

  /** The counts block (SN-5). What it says of `ack` counts as told. */
  counts(): Counts {
    const { incoming, outgoing } = this;
    const ack = incoming.tell();
    const { received, sum } = incoming;
    const { acked: seen, written: sent } = outgoing;
    let counts: Counts = this.isOpen
      ? { ack, received, seen, sent, sum }
      : { ack, received, seen, sent, sum, last: outgoing.sent, lastSum: outgoing.sum };
    if (incoming.held > 0) counts = { ...counts, partial: incoming.held };
    return this.#ackRequests?.addTo(counts) ?? counts;
  }

  /**
   * Takes note of the other end's counts, before any message of their carrier (SN-2). `lost`: they are of another history than this
   * one, because this end or the other was rolled back, or bytes were damaged; nothing was taken of them.
   */
  learn(counts: Counts): Learning {
    const { incoming, outgoing } = this;
    if (!outgoing.isPossible(counts) || !incoming.isPossible(counts)) return 'lost';
    if (counts.want !== undefined) this.#ackRequests ??= new AckRequests();
    this.#ackRequests?.note(counts);
    incoming.learn(counts);
    return outgoing.learn(counts) ? 'drained' : 'learnt';
  }

  /** Accepts nothing more. @returns false where it did not before */
  close(code = 'closed'): boolean {
    if (!this.isOpen) return false;
    this.#closing = code === 'closed' ? ASKED : { state: 'asked', code };
    return true;
  }

  /** The clock is read: the close has begun by now. @returns whether it had been asked for since */
  beginClose(now: number): boolean {
    if (this.#closing.state !== 'asked') return false;
    this.#closing = { state: 'closing', code: this.#closing.code, since: now };
    return true;
  }

  /** Goes on with a close that has begun so long ago, on this clock. */
  restoreClose(since: number): void {
    this.#closing = { state: 'closing', code: 'closed', since };
  }

  /**
   * What this end's own counts prove of a close: the code of a clean end, where everything both ends promised was acknowledged and
   * is what the other end sent; `lost`, where it is not that; else `null`.
   */
  proven(): string | null {
    const closing = this.#closing;
    if (closing.state !== 'asked' && closing.state !== 'closing') return null;
    const ended = this.incoming.ended();
    if (ended === 'lost') return 'lost';
    return ended === 'all' && this.outgoing.acked === this.outgoing.sent ? closing.code : null;
  }

  /** Gives the verdict. What was sent and not acknowledged is freed, and what was held. */
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
