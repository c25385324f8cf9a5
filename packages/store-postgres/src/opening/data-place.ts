import type { Epoch } from '@everywire/chat';
import type { Queries } from '../database/database.js';

/**
 * Identifies where the data is: the cluster, the database in it, and the WAL timeline, which changes when a standby
 * takes over. Data restored from a dump or a base backup, or on a server that fell behind, is at another place than it
 * records.
 */
const PLACE = `SELECT concat_ws('.', (SELECT system_identifier FROM pg_control_system()),
  (SELECT oid FROM pg_database WHERE datname = current_database()), left(pg_walfile_name(pg_current_wal_lsn()), 8)) AS place`;

/** The lowest stamp that a transaction can have. Stamps of another cluster may be higher than those of this one. */
export const FIRST_STAMP = '3';

/**
 * Assigns a new epoch when the data has moved to another place; returns the current epoch (CH-26). Runs under one row
 * lock.
 */
export async function settleEpoch(at: Queries): Promise<Epoch> {
  const [stored] = await at.query<{ epoch: Epoch; place: string | null }>('SELECT epoch, place FROM store FOR UPDATE');
  const [{ place = '' } = {}] = await at.query<{ place: string }>(PLACE);
  if (stored === undefined) throw new Error('The table "store" has lost its row.');
  if (stored.place === place) return stored.epoch;
  await at.query('UPDATE store SET place = $1::text', [place]);
  return stored.place === null ? stored.epoch : beginEpoch(at);
}

/** Assigns a new epoch in any case and resets the stamps, which invalidates all cursors. */
export async function beginEpoch(at: Queries): Promise<Epoch> {
  for (const table of ['inbox', 'conversation'])
    await at.query(`UPDATE ${table} SET stamp = '${FIRST_STAMP}'::xid8 WHERE stamp <> '${FIRST_STAMP}'::xid8`);
  const [{ epoch = '' } = {}] = await at.query<{ epoch: Epoch }>(
    "UPDATE store SET epoch = substr(replace(gen_random_uuid()::text, '-', ''), 1, 16) RETURNING epoch",
  );
  return epoch;
}
