import type { Verdict } from './contract.js';

/** How far a message has to come: `server`, its machine has taken it; `peer`, the application there has settled it. */
export type Until = 'server' | 'peer';

/** Why a promise was not kept: a stable code, and whether the message may have had an effect all the same. */
export interface Failure {
  readonly code: string;
  readonly unknown: boolean;
  /** The other end said so. */
  readonly remote?: true;
}

/** One message that somebody waits for. */
export interface PromisedSend {
  /** Its number in the session; a queue that is shortened before it is written lowers it. */
  number: number;
  readonly until: Until;
  readonly done: (failure: Failure | null) => void;
}

/**
 * The messages of one end that somebody waits for (SN-30). Never more than the session holds for the other end, because what
 * is acknowledged is waited for no longer.
 */
export class PromisedSends {
  #waiting: PromisedSend[] = [];

  /** The highest number that is waited for; 0 for none. */
  get wanted(): number {
    return this.#waiting.at(-1)?.number ?? 0;
  }

  /** In the order of sending. */
  add(send: PromisedSend): void {
    this.#waiting.push(send);
  }

  /** Nobody waits any more; the message goes on. */
  remove(send: PromisedSend): void {
    this.#waiting = this.#waiting.filter((other) => other !== send);
  }

  /** The other end has taken messages up to `received` and settled those up to `acked`. */
  counted(received: number, acked: number): void {
    this.#settle(({ number, until }) => number <= acked || (until === 'server' && number <= received), null);
  }

  /** The other end did not let this message through. */
  refused(number: number, code: string): void {
    this.#settle((send) => send.number === number, { code, unknown: false, remote: true });
  }

  /** Messages of these numbers, ascending, have been taken out of the queue, and later ones have moved up. */
  moved(removed: readonly number[]): void {
    let below = 0;
    for (const send of this.#waiting) {
      while ((removed[below] as number) < send.number) below += 1;
      send.number -= below;
    }
  }

  ended({ acknowledged, code }: Verdict): void {
    this.#settle(({ number }) => number <= acknowledged, null);
    this.#settle(() => true, { code, unknown: true });
  }

  #settle(which: (send: PromisedSend) => boolean, failure: Failure | null): void {
    const settled = this.#waiting.filter(which);
    if (settled.length === 0) return;
    this.#waiting = this.#waiting.filter((send) => !which(send));
    for (const send of settled) send.done(failure);
  }
}
