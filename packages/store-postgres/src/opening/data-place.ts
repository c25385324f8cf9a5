import type { Epoch } from '@everywire/chat';
import type { Queries } from '../database/database.js';

/**
 * Returns the place of the data: the cluster, the database in it, and the timeline of the write-ahead log, which
 * changes when a standby takes over. The table `store` records the place. If the current place differs from the
 * recorded one, the data was restored or another server has taken over, and the last commits may be missing.
 */
const PLACE = `SELECT concat_ws('.', (SELECT system_identifier FROM pg_control_system()),
  (SELECT oid FROM pg_database WHERE datname = current_database()), left(pg_walfile_name(pg_current_wal_lsn()), 8)) AS place`;

/**
 * The lowest id of a transaction. A stamp is the id of the transaction that last changed a row; stamps from another
 * cluster may be higher than all ids of this cluster, so they are reset to this value.
 */
export const FIRST_STAMP = '3';

/**
 * Returns the epoch, the id of the history that the data belongs to. Assigns a new one if the data has moved to another
 * place, so that clients load everything again (CH-26). The lock of the row makes other nodes wait.
 */
export async function settleEpoch(at: Queries): Promise<Epoch> {
  const [stored] = await at.query<{ epoch: Epoch; place: string | null }>('SELECT epoch, place FROM store FOR UPDATE');
  const [{ place = '' } = {}] = await at.query<{ place: string }>(PLACE);
  if (stored === undefined) throw new Error('The table "store" has lost its row.');
  if (stored.place === place) return stored.epoch;
  await at.query('UPDATE store SET place = $1::text', [place]);
  return stored.place === null ? stored.epoch : beginEpoch(at);
}

/** Makes the next call of `settleEpoch` assign a new epoch. */
export async function forgetPlace(at: Queries): Promise<void> {
  await at.query("UPDATE store SET place = '' WHERE place IS NOT NULL");
}

/** Assigns a new epoch and resets the stamps. The new epoch makes all cursors of clients invalid. */
export async function beginEpoch(at: Queries): Promise<Epoch> {
  for (const table of ['inbox', 'conversation'])
    await at.query(`UPDATE ${table} SET stamp = '${FIRST_STAMP}'::xid8 WHERE stamp <> '${FIRST_STAMP}'::xid8`);
  const [{ epoch = '' } = {}] = await at.query<{ epoch: Epoch }>(
    "UPDATE store SET epoch = substr(replace(gen_random_uuid()::text, '-', ''), 1, 16) RETURNING epoch",
  );
  return epoch;
}
