import type { ServerResponse } from 'node:http';
import type { AttachRecord, BodyRecord } from '@everywire/protocol/internal';
import type { ServerLimits } from '../limits.js';
import { createDeadline, type TickWheel } from '../tick-wheel.js';

type Counts = Pick<AttachRecord | BodyRecord, 'ack' | 'received' | 'seen' | 'sent'>;

interface Pace {
  /** The counts that were stated last. */
  counts: number;
  /** When everything that was taken so far would have been taken at the pace, in milliseconds. */
  paidAt: number;
}

/**
 * Paces the requests of each session that bring nothing and are answered with nothing: polls without a message either way, and bodies without a
 * message whose counts are the ones before. Their answers wait; nothing is refused. A session may have `quietAtOnce` of them at once, and one more
 * each `quietRefillMs`, by however many connections.
 */
export class QuietPace {
  readonly #limits: Pick<ServerLimits, 'quietAtOnce' | 'quietRefillMs' | 'heartbeatMs'>;
  /** By the session: only one that was quiet has an entry. */
  readonly #paces: WeakMap<object, Pace> = new WeakMap();

  constructor(limits: Pick<ServerLimits, 'quietAtOnce' | 'quietRefillMs' | 'heartbeatMs'>) {
    this.#limits = limits;
  }

  /**
   * Takes one quiet request of a session.
   *
   * @param session `undefined`: there is none of that id, and nothing to pace
   * @param record what it brought; where its counts rose, it is free
   * @returns milliseconds its answer has to wait
   */
  take(session: object | undefined, record: Counts, now: number): number {
    if (session === undefined) return 0;
    const counts = countsOf(record);
    const { quietAtOnce, quietRefillMs, heartbeatMs } = this.#limits;
    // A poll that was held for a heartbeat never waits.
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

/** Returns a number that rises with every message that a client sent, got or acknowledged, and with nothing else. */
function countsOf({ ack = 0, received, seen, sent }: Counts): number {
  return ack + received + seen + sent;
}

/** Gives an answer after so many milliseconds, unless its connection has closed by then. */
export function answerAfter(ms: number, wheel: TickWheel, response: ServerResponse, give: () => void): void {
  if (ms === 0) {
    give();
    return;
  }
  const deadline = createDeadline(give);
  wheel.schedule(deadline, ms);
  response.once('close', () => wheel.cancel(deadline));
}
