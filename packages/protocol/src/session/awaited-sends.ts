import type { Verdict } from './contract.js';

/** Condition for a send to be done: `server`, the server received it; `peer`, the application there has settled it. */
export type Until = 'server' | 'peer';

/** Reason of a failed promise: a stable code, and whether the message may have had an effect nevertheless. */
export interface Failure {
  readonly code: string;
  readonly unknown: boolean;
  /** The peer reported it. */
  readonly remote?: true;
}

/** A message whose acknowledgement is awaited. */
export interface AwaitedSend {
  /** The number of the message in the session. It is lowered if earlier, unwritten messages are removed. */
  number: number;
  readonly until: Until;
  readonly done: (failure: Failure | null) => void;
}

/**
 * Tracks the messages of one end whose acknowledgement the application awaits (SN-30). Their number is bounded by the
 * session's buffer, because acknowledged messages are removed.
 */
export class AwaitedSends {
  #waiting: AwaitedSend[] = [];

  /** The highest awaited number; 0 for none. */
  get wanted(): number {
    return this.#waiting.at(-1)?.number ?? 0;
  }

  /** Adds a message. The caller must add messages in the order of sending. */
  add(send: AwaitedSend): void {
    this.#waiting.push(send);
  }

  /** Stops waiting for a message. The message is sent nevertheless. */
  remove(send: AwaitedSend): void {
    this.#waiting = this.#waiting.filter((other) => other !== send);
  }

  /** Records that the peer has received messages up to `received` and settled those up to `acked`. */
  counted(received: number, acked: number): void {
    this.#settle(({ number, until }) => number <= acked || (until === 'server' && number <= received), null);
  }

  /** Records that the peer refused this message. */
  refused(number: number, code: string): void {
    this.#settle((send) => send.number === number, { code, unknown: false, remote: true });
  }

  /** Renumbers the waiting messages after the messages of these numbers (ascending) were removed from the queue. */
  moved(removed: readonly number[]): void {
    let below = 0;
    for (const send of this.#waiting) {
      while ((removed[below] as number) < send.number) below += 1;
      send.number -= below;
    }
  }

  /** Settles all messages, because the session has ended. */
  ended({ acknowledged, code }: Verdict): void {
    this.#settle(({ number }) => number <= acknowledged, null);
    this.#settle(() => true, { code, unknown: true });
  }

  #settle(which: (send: AwaitedSend) => boolean, failure: Failure | null): void {
    const settled = this.#waiting.filter(which);
    if (settled.length === 0) return;
    this.#waiting = this.#waiting.filter((send) => !which(send));
    for (const send of settled) send.done(failure);
  }
}
