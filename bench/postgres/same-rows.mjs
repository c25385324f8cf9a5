import { pg } from './driver.mjs';

/** Stamps are left out: they are ids of transactions, and each database has its own. */
const FINGERPRINT = (table) => `SELECT count(*) AS count, md5(string_agg(row, E'\\n' ORDER BY row)) AS hash
  FROM (SELECT (to_jsonb(t) - 'stamp')::text AS row FROM ${table} t) AS rows`;
const tables = ['conversation', 'message', 'member', 'inbox', 'command_key'];

/**
 * Sends the same by each way into its database, one after the other.
 *
 * @throws unless all of them have written the same rows
 */
export async function requireSameRows(ways, requests) {
  for (const { send } of ways) for (const request of requests) await send(request);
  const [first, ...others] = await Promise.all(ways.map(({ url }) => fingerprints(url)));
  for (const [at, other] of others.entries())
    for (const table of tables)
      if (other[table] !== first[table])
        throw new Error(`${table}: ${ways[at + 1].name} has ${other[table]}, ${ways[0].name} ${first[table]}`);
}

async function fingerprints(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const found = {};
  for (const table of tables) {
    const { rows } = await client.query(FINGERPRINT(table));
    found[table] = `${rows[0].count} rows, ${rows[0].hash}`;
  }
  await client.end();
  return found;
}
