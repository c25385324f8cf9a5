import type { Message } from '../message.js';
import type { Outgoing } from './outgoing.js';

/** The share of the waiting messages or bytes that a search for replaced messages must free to be worthwhile. */
const SEARCH_WORTH = 1 / 16;

/** The numbers of the removed messages, ascending. The messages after them have moved up to lower numbers. */
export type Removed = readonly number[];

/** The result if no message was removed. */
export const NOTHING: Removed = [];

/**
 * Removes queued messages that a later message with the same key replaces (SN-33). A message that was written keeps its
 * number for ever; the messages after it get their numbers when they are written.
 */
export class Conflation {
  /** Last number at the last flush. Unwritten messages up to here could not be written when they were new. */
  #waitedTo = 0;
  /** Number of waiting messages after the last search. The queue is searched again when it has doubled. */
  #waited = 8;
  /**
   * The next search takes place once this number was accepted, so that not every publish causes a search that frees
   * little.
   */
  #searchFrom = 0;

  /**
   * Removes every replaced message, new ones included, for a session that is full. A search reads the whole queue.
   * After one that freed less than `SEARCH_WORTH` of it, nothing is done until that share of the queue is new, so that
   * the cost of a publish does not grow with the queue.
   */
  squeeze(outgoing: Outgoing): Removed {
    this.#waitedTo = outgoing.sent;
    return this.#takeOut(outgoing);
  }

  /**
   * Removes replaced messages before a flush. A reader that keeps up loses none.
   *
   * @param linked there is a link to write to
   */
  flush(outgoing: Outgoing, linked: boolean): Removed {
    const { sent, written, allowed } = outgoing;
    const canWrite = linked && allowed > written;
    const isDue = this.#waitedTo > written && (canWrite || sent - written > 2 * this.#waited);
    const removed = isDue ? this.#takeOut(outgoing) : NOTHING;
    this.#waitedTo = outgoing.sent;
    return removed;
  }

  #takeOut(outgoing: Outgoing): Removed {
    const { sent, bufferedAmount } = outgoing;
    if (sent < this.#searchFrom) return NOTHING;
    const waiting = outgoing.unwritten();
    const removed = this.#replaced(waiting, outgoing.written + 1);
    if (removed.length > 0) outgoing.replaceUnwritten(without(waiting, removed, outgoing.written + 1));
    this.#waited = Math.max(8, waiting.length - removed.length);
    const least = waiting.length * SEARCH_WORTH;
    const freed = bufferedAmount - outgoing.bufferedAmount;
    const isWorth = removed.length >= least || freed >= bufferedAmount * SEARCH_WORTH;
    this.#searchFrom = isWorth ? 0 : outgoing.sent + Math.floor(least);
    return removed;
  }

  /** Returns the numbers of messages that a later one with the same key replaces. */
  #replaced(waiting: readonly Message[], first: number): Removed {
    const keys = new Set<string>();
    const replaced: number[] = [];
    for (let at = waiting.length - 1; at >= 0; at -= 1) {
      const { key } = waiting[at] as Message;
      if (key === undefined) continue;
      if (first + at <= this.#waitedTo && keys.has(key)) replaced.push(first + at);
      else keys.add(key);
    }
    return replaced.reverse();
  }
}

function without(waiting: readonly Message[], removed: Removed, first: number): readonly Message[] {
  let next = 0;
  return waiting.filter((_, at) => {
    if (first + at !== removed[next]) return true;
    next += 1;
    return false;
  });
}
