import type { Epoch } from '@everywire/chat';
import type { Queries } from '../database/database.js';

/**
 * Where the data is: the cluster, the database in it, and the timeline of its log, which another server that takes over begins anew. Data that comes from a
 * dump, from a base backup or from a server that fell behind is at another place than it says.
 */
const PLACE = `SELECT concat_ws('.', (SELECT system_identifier FROM pg_control_system()),
  (SELECT oid FROM pg_database WHERE datname = current_database()), left(pg_walfile_name(pg_current_wal_lsn()), 8)) AS place`;

/** The lowest stamp that a transaction can have. Those of another cluster may lie in the future of this one. */
export const FIRST_STAMP = '3';

/** Under one lock of the row: gives the data another epoch where it has come to another place, and answers the one that it has then (CH-26). */
export async function settleEpoch(at: Queries): Promise<Epoch> {
  const [stored] = await at.query<{ epoch: Epoch; place: string | null }>('SELECT epoch, place FROM store FOR UPDATE');
  const [{ place = '' } = {}] = await at.query<{ place: string }>(PLACE);
  if (stored === undefined) throw new Error('The table "store" has lost its row.');
  if (stored.place === place) return stored.epoch;
  await at.query('UPDATE store SET place = $1::text', [place]);
  return stored.place === null ? stored.epoch : beginEpoch(at);
}

/** Gives the data another epoch, whatever the place. Stamps go with it, so no cursor of before means anything. */
export async function beginEpoch(at: Queries): Promise<Epoch> {
  for (const table of ['inbox', 'conversation'])
    await at.query(`UPDATE ${table} SET stamp = '${FIRST_STAMP}'::xid8 WHERE stamp <> '${FIRST_STAMP}'::xid8`);
  const [{ epoch = '' } = {}] = await at.query<{ epoch: Epoch }>(
    "UPDATE store SET epoch = substr(replace(gen_random_uuid()::text, '-', ''), 1, 16) RETURNING epoch",
  );
  return epoch;
}
