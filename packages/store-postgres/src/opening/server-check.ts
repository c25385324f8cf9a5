import { Chore } from '../database/chore.js';
import type { Queries } from '../database/database.js';

const PAUSE_MS = 20;
const LOOK = `SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS time,
  pg_snapshot_xmin(pg_current_snapshot())::text AS oldest, pg_snapshot_xmax(pg_current_snapshot())::text AS next`;

interface Look {
  readonly time: number;
  /** The oldest transaction that is running and has written. */
  readonly oldest: string;
  /** One more than the last that has ended. */
  readonly next: string;
}

/** What is told of the database server. Each is called once when it begins and once when it is over. */
export interface ServerEvents {
  /** Milliseconds by which the clock of this machine is ahead of the database's (below 0: behind); `null`: they agree again. */
  readonly onClockApart?: (aheadMs: number | null) => void;
  /** Whether a transaction that has written has been running since the last look, whoever's it is. Until it ends every list of conversations repeats what changed since (CH-14.2). */
  readonly onTransactionHeld?: (isHeld: boolean) => void;
}

export interface ServerCheckOptions extends ServerEvents {
  readonly database: Queries;
  /** Milliseconds between two looks. */
  readonly lookMs: number;
  /** Milliseconds that clocks may differ by. */
  readonly apartMs: number;
  /** The clock of this machine, milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Looks at the database server now and then, for what works and is wrong all the same. A message has the time of the node that took it, so clocks have to
 * agree. And nothing but Everywire may write to the server (`log-schema.ts`).
 */
export function createServerCheck(options: ServerCheckOptions): Chore {
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
  return new Chore({
    ...{ pauseMs: PAUSE_MS, lookMs },
    run: async () => {
      const asked = now();
      const [look] = await database.query<Look>(LOOK);
      if (look === undefined) return false;
      compareClocks(aheadAtLeast(look.time, asked, now()));
      compareTransactions(look);
      return false;
    },
  });
}

/** The database took its time somewhere between question and answer, however long that was. */
function aheadAtLeast(time: number, asked: number, answered: number): number {
  return time < asked ? asked - time : Math.min(0, answered - time);
}
