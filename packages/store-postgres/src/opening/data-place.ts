import type { Epoch } from '@everywire/chat';
import type { Queries } from '../database/database.js';
import type { KeptPosition } from './kept-position.js';

/** Where the data of a node is, and the id of its history. */
export interface DataPlace {
  readonly epoch: Epoch;
  /** The place that the table `store` records; `null` before the first node, empty after `forgetPlace`. */
  readonly recorded: string | null;
  /**
   * The cluster, the database in it, and the timeline of the write-ahead log, which changes when a standby takes over;
   * `null` on a standby. If it differs from the recorded place, the data was restored or another server has taken over,
   * and the last commits may be missing.
   */
  readonly current: string | null;
  /** The position up to which the write-ahead log is on disk, as a `pg_lsn`; empty on a standby. */
  readonly position: string;
  /** Whether the connection would acknowledge commits that a crash could lose (`synchronous_commit = off`). */
  readonly isLosing: boolean;
}

/**
 * Why the data got a new epoch: it is at another place (`moved`), or it lacks commits that this node has seen
 * (`behind`).
 */
export type EpochCause = 'moved' | 'behind';

const PLACE = `SELECT epoch, place AS recorded, CASE WHEN pg_is_in_recovery() THEN NULL ELSE concat_ws('.',
  (SELECT system_identifier FROM pg_control_system()), (SELECT oid FROM pg_database WHERE datname = current_database()),
  left(pg_walfile_name(pg_current_wal_lsn()), 8)) END AS current,
  CASE WHEN pg_is_in_recovery() THEN '' ELSE pg_current_wal_flush_lsn()::text END AS position,
  current_setting('synchronous_commit') = 'off' AS "isLosing" FROM store`;

/** Reads where the data is. */
export async function readPlace(at: Queries): Promise<DataPlace> {
  return onlyRow(await at.query<DataPlace>(PLACE));
}

/**
 * Returns the place and the epoch, the id of the history that the data belongs to. Assigns a new epoch if the data has
 * moved to another place or is behind the position that this node has kept, so that clients load everything again
 * (CH-26). The lock of the row makes other nodes wait.
 */
export async function settleEpoch(
  at: Queries,
  kept: KeptPosition | null = null,
): Promise<{ readonly place: DataPlace; readonly begun: EpochCause | null }> {
  const found = onlyRow(await at.query<DataPlace>(`${PLACE} FOR UPDATE`));
  const { current, recorded } = found;
  const isHere = current === null || recorded === current;
  if (isHere && !kept?.isAhead(found)) return { place: found, begun: null };
  await at.query('UPDATE store SET place = $1::text', [current]);
  const place = { ...found, recorded: current };
  if (recorded === null) return { place, begun: null };
  return { place: { ...place, epoch: await beginEpoch(at) }, begun: isHere ? 'behind' : 'moved' };
}

/** Makes the next call of `settleEpoch` assign a new epoch. */
export async function forgetPlace(at: Queries): Promise<void> {
  await at.query("UPDATE store SET place = '' WHERE place IS NOT NULL");
}

/** Assigns a new epoch, which makes all cursors of clients invalid. */
export async function beginEpoch(at: Queries): Promise<Epoch> {
  return onlyRow(
    await at.query<{ epoch: Epoch }>(
      "UPDATE store SET epoch = substr(replace(gen_random_uuid()::text, '-', ''), 1, 16) RETURNING epoch",
    ),
  ).epoch;
}

function onlyRow<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new Error('The table "store" has lost its row.');
  return row;
}
