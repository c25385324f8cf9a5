import { BackgroundJob } from '../database/background-job.js';
import type { Queries } from '../database/database.js';

const PAUSE_MS = 20;
const LOOK = `SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS time,
  pg_snapshot_xmin(pg_current_snapshot())::text AS oldest, pg_snapshot_xmax(pg_current_snapshot())::text AS next`;

interface Look {
  readonly time: number;
  /** The oldest running transaction that has written. */
  readonly oldest: string;
  /** One more than the last ended transaction. */
  readonly next: string;
}

/** Callbacks for problems of the database server. Each is called once when the problem begins and once when it ends. */
export interface ServerEvents {
  /**
   * Receives how far the clock of this machine is ahead of the database's, ms (negative: behind); `null` when they
   * agree again.
   */
  readonly onClockApart?: (aheadMs: number | null) => void;
  /**
   * Receives whether a transaction that has written has been running since the previous check. Until this transaction
   * ends, every conversation list repeats the changes since its beginning (CH-14.2).
   */
  readonly onTransactionHeld?: (isHeld: boolean) => void;
}

/** Options of `createServerCheck`. */
export interface ServerCheckOptions extends ServerEvents {
  readonly database: Queries;
  /** The time between two checks, ms. */
  readonly lookMs: number;
  /** The accepted clock difference, ms. */
  readonly apartMs: number;
  /** The clock of this machine, ms since the epoch. */
  readonly now: () => number;
}

/**
 * Creates a job that checks the database server for problems that cause no errors. Clocks must agree, because a message
 * carries the time of the node that accepted it. Only Everywire may write to the server (see `log-schema.ts`).
 */
export function createServerCheck(options: ServerCheckOptions): BackgroundJob {
  const { database, lookMs, apartMs, now, onClockApart, onTransactionHeld } = options;
  let isApart = false;
  let isHeld = false;
  let nextBefore: bigint | null = null;
  const compareClocks = (ahead: number): void => {
    const isApartNow = Math.abs(ahead) > apartMs;
    if (isApartNow !== isApart) onClockApart?.(isApartNow ? ahead : null);
    isApart = isApartNow;
  };
  const compareTransactions = ({ oldest, next }: Look): void => {
    const isHeldNow = nextBefore !== null && BigInt(oldest) < nextBefore;
    if (isHeldNow !== isHeld) onTransactionHeld?.(isHeldNow);
    isHeld = isHeldNow;
    nextBefore = BigInt(next);
  };
  return new BackgroundJob({
    pauseMs: PAUSE_MS,
    lookMs,
    run: async () => {
      const askedAt = now();
      const [look] = await database.query<Look>(LOOK);
      if (look === undefined) return false;
      compareClocks(aheadAtLeast(look.time, askedAt, now()));
      compareTransactions(look);
      return false;
    },
  });
}

/**
 * Returns how far this machine's clock is ahead of the database's, ms: the smallest difference that fits the three
 * times, because the database read its clock at an unknown moment between the query and the answer.
 */
function aheadAtLeast(time: number, askedAt: number, answeredAt: number): number {
  return time < askedAt ? askedAt - time : Math.min(0, answeredAt - time);
}
