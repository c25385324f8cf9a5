import type { Message } from '../message.js';
import type { RunQueue } from './run-queue.js';
import type { ServerLink } from './server-link.js';
import { WaitedSession } from './waited-session.js';

/**
 * What of the server's end has to do with messages that replace each other (SN-33). A message that was written has its number
 * for ever; those behind it get theirs when they are written, so one that a later one of its key replaces may still be taken out.
 */
export abstract class ConflatingSession extends WaitedSession {
  /** Messages with a key were sent: set by who sends them. */
  conflates = false;
  /** The link written to, `null` between polls. */
  down: ServerLink | null = null;
  /** Last number at the last flush: what is behind `written` up to here could not be written when it was new. */
  #waitedTo = 0;
  /** How many waited when nothing more could be taken out: looked at again when they have become twice as many. */
  #waited = 8;

  /**
   * Takes out every message that was replaced, new ones too: for a session that is full.
   *
   * @returns whether there is more room now
   */
  squeeze(): boolean {
    this.#waitedTo = this.sent;
    return this.conflates && this.#takeOut();
  }

  /** At the beginning of a flush. A reader that takes everything at once gets everything. */
  protected conflate(): void {
    const waiting = this.sent - this.written;
    const goesOn = this.down !== null && this.allowed > this.written;
    if (this.#waitedTo > this.written && (goesOn || waiting > 2 * this.#waited)) this.#takeOut();
    this.#waitedTo = this.sent;
  }

  #takeOut(): boolean {
    // The last number was told: it stays what it is (SN-4).
    if (this.done || this.closingAt !== undefined) return false;
    const removed = this.#replaced();
    this.#waited = Math.max(8, this.sent - this.written - removed.length);
    if (removed.length === 0) return false;
    this.#close(removed);
    return true;
  }

  /** Numbers of messages with a later one of the same key, ascending. */
  #replaced(): readonly number[] {
    const keys = new Set<string>();
    const replaced: number[] = [];
    for (let number = this.sent; number > this.written; number -= 1) {
      const { key } = this.messageAt(number);
      if (key === undefined) continue;
      if (number <= this.#waitedTo && keys.has(key)) replaced.push(number);
      else keys.add(key);
    }
    return replaced.reverse();
  }

  /** Takes these numbers out of the queue: later ones move up, and the window lets more of them be written. */
  #close(removed: readonly number[]): void {
    const queue = this.queue as RunQueue;
    const kept: Message[] = [];
    let next = 0;
    for (let number = this.written + 1; number <= this.sent; number += 1) {
      const message = this.messageAt(number);
      if (number !== removed[next]) kept.push(message);
      else {
        next += 1;
        this.bufferedAmount -= message.byteLength;
      }
      if (number <= this.allowed) this.allowedBytes -= message.byteLength;
    }
    queue.cut(this.acked, this.written);
    this.sent = this.written;
    for (const message of kept) {
      this.keep(message);
      this.sent += 1;
    }
    this.allowed = this.written;
    this.allow();
    this.io.renumbered?.(removed);
    this.drain();
  }
}
