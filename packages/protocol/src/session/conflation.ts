import type { Message } from '../message.js';
import type { Outgoing } from './outgoing.js';

/** A search for replaced messages pays where it frees this share of what waits, in messages or in bytes. */
const searchWorth = 1 / 16;

/** Numbers that are gone, ascending; those behind have moved up. */
export type Removed = readonly number[];

export const NOTHING: Removed = [];

/**
 * Takes messages out of the queue that a later one of their key replaces (SN-33). A message that was written has its number for
 * ever; those behind it get theirs when they are written.
 */
export class Conflation {
  /** Last number at the last flush: what is not written up to here could not be written when it was new. */
  #waitedTo = 0;
  /** How many waited when nothing more could be taken out: looked at again when they have become twice as many. */
  #waited = 8;
  /** The queue is searched again once this number was accepted: a search that frees little must not come with every publish. */
  #searchFrom = 0;

  /**
   * Takes out every message that was replaced, new ones too: for a session that is full. A search reads all that waits. After
   * one that freed less than `searchWorth` of the queue it does nothing until that share of the queue is new, so the cost of a
   * publish does not grow with the queue.
   */
  squeeze(outgoing: Outgoing): Removed {
    this.#waitedTo = outgoing.sent;
    return this.#takeOut(outgoing);
  }

  /** At the beginning of a flush. A reader that takes everything at once gets everything. @param linked there is a link to write to */
  flush(outgoing: Outgoing, linked: boolean): Removed {
    const { sent, written, allowed } = outgoing;
    const goesOn = linked && allowed > written;
    const isDue = this.#waitedTo > written && (goesOn || sent - written > 2 * this.#waited);
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
    const least = waiting.length * searchWorth;
    const freed = bufferedAmount - outgoing.bufferedAmount;
    const isWorth = removed.length >= least || freed >= bufferedAmount * searchWorth;
    this.#searchFrom = isWorth ? 0 : outgoing.sent + Math.floor(least);
    return removed;
  }

  /** Numbers of messages with a later one of the same key. */
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
