import { createDeadline, type GatewayHost, type TimerEntry } from '@everywire/server/internal';
import type { Settle } from './broadcast.js';

/** An answer (acknowledgement) of the client that is pending. */
interface Waiting {
  readonly deadline: TimerEntry | null;
  readonly settle: Settle;
}

/** Maximum pending answers of one socket. */
const WAITING_MAX = 1_000;

/** The answers (acknowledgements) of one client for which the application waits. */
export class Acks {
  readonly #host: GatewayHost;
  readonly #waiting: Map<number, Waiting> = new Map();
  /** The id of the next event that waits for an answer. */
  #last = 0;

  constructor(host: GatewayHost) {
    this.#host = host;
  }

  /**
   * Waits for an answer. Returns the id to send.
   *
   * @param timeoutMs `null` waits until the socket disconnects
   * @throws RangeError if too many answers are pending
   */
  wait(timeoutMs: number | null, settle: Waiting['settle']): number {
    if (this.#waiting.size >= WAITING_MAX) throw new RangeError(`emit: more than ${WAITING_MAX} answers are pending`);
    const id = this.#last++;
    const late = (): void => this.#settle(id, new Error('operation has timed out'), NOTHING);
    const deadline = timeoutMs === null ? null : createDeadline(late);
    if (deadline !== null && timeoutMs !== null) this.#host.wheel.schedule(deadline, timeoutMs);
    this.#waiting.set(id, { deadline, settle });
    return id;
  }

  /** Handles an answer of the client. Ignores an unexpected one. */
  take(id: number, values: readonly unknown[]): void {
    this.#settle(id, null, values);
  }

  /** Removes an answer whose event was not sent. */
  forget(id: number): void {
    const deadline = this.#waiting.get(id)?.deadline ?? null;
    if (deadline !== null) this.#host.wheel.cancel(deadline);
    this.#waiting.delete(id);
  }

  /** Rejects all pending answers, because the socket has disconnected. */
  fail(): void {
    for (const id of [...this.#waiting.keys()]) this.#settle(id, new Error('socket has been disconnected'), NOTHING);
  }

  #settle(id: number, error: Error | null, values: readonly unknown[]): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    if (waiting.deadline !== null) this.#host.wheel.cancel(waiting.deadline);
    waiting.settle(error, values);
  }
}

const NOTHING: readonly unknown[] = [];
