import type { ServerResponse } from 'node:http';
import type { AttachRecord, BodyRecord } from '@everywire/protocol/internal';
import type { ServerLimits } from '../limits.js';
import { createDeadline, type TimerWheel } from '../timer-wheel.js';

type Counts = Pick<AttachRecord | BodyRecord, 'ack' | 'received' | 'seen' | 'sent'>;

/** The idle requests of one session: the state of its rate limit. */
interface Pace {
  /** The sum of the latest counts. */
  counts: number;
  /** The time, in milliseconds, at which the requests so far would have been allowed at the refill rate. */
  paidAt: number;
}

/**
 * Limits the rate of idle requests of each session by delaying their answers; no request is refused. Idle requests are
 * polls without a message in either direction, and bodies without a message whose counts did not change. A session has
 * a burst of `quietAtOnce`, and one more each `quietRefillMs`, over all its connections.
 */
export class IdlePollThrottle {
  readonly #limits: Pick<ServerLimits, 'quietAtOnce' | 'quietRefillMs' | 'heartbeatMs'>;
  /** Keyed by session. Only sessions that sent idle requests have an entry. */
  readonly #paces: WeakMap<object, Pace> = new WeakMap();

  constructor(limits: Pick<ServerLimits, 'quietAtOnce' | 'quietRefillMs' | 'heartbeatMs'>) {
    this.#limits = limits;
  }

  /**
   * Counts one idle request of a session.
   *
   * @param session `undefined`: no session has this id, so the request is not paced
   * @param record the record of the request; if its counts rose, it is free
   * @returns milliseconds for which the answer has to wait
   */
  take(session: object | undefined, record: Counts, now: number): number {
    if (session === undefined) return 0;
    const counts = countsOf(record);
    const { quietAtOnce, quietRefillMs, heartbeatMs } = this.#limits;
    // A poll that the server held until a heartbeat is not delayed further.
    const refillMs = Math.min(quietRefillMs, heartbeatMs);
    const pace = this.#paces.get(session) ?? { counts: 0, paidAt: now };
    this.#paces.set(session, pace);
    if (counts > pace.counts) {
      pace.counts = counts;
      return 0;
    }
    pace.paidAt = Math.max(pace.paidAt, now) + refillMs;
    return Math.max(0, pace.paidAt - now - quietAtOnce * refillMs);
  }
}

/** Returns a number that rises only with each message that a client sent, received or acknowledged. */
function countsOf({ ack = 0, received, seen, sent }: Counts): number {
  return ack + received + seen + sent;
}

/** Answers after `ms` milliseconds, unless the connection has closed by then. */
export function answerAfter(ms: number, wheel: TimerWheel, response: ServerResponse, give: () => void): void {
  if (ms === 0) {
    give();
    return;
  }
  const deadline = createDeadline(give);
  wheel.schedule(deadline, ms);
  response.once('close', () => wheel.cancel(deadline));
}
