import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { machineBusyUs } from '../cpu-time.mjs';
import { pg } from './driver.mjs';

const tickUs = 10_000;
/** A connection that has ended is counted in the tables' figures within this time. */
const countedWithinMs = 1_000;

/** @throws if an answered send could be lost, because its rate would be meaningless */
export async function requireDurable(server) {
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    const [row] = await server.ask(`SHOW ${name}`);
    if (row[name] !== 'on') throw new Error(`${name} is ${row[name]}`);
  }
}

export async function postmasterOf(server) {
  const [{ pid }] = await server.ask('SELECT pg_backend_pid() AS pid');
  return statOf(pid).parent;
}

/** Returns a function that reads what has been used so far by this process, by the server and by the machine. */
export function createGauge(server, postmaster) {
  return async () => {
    const [{ bytes }] = await server.ask("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn AS bytes");
    const { user, system } = process.cpuUsage();
    return {
      at: performance.now(),
      walBytes: Number(bytes),
      nodeUs: user + system,
      postgresUs: serverUs(postmaster),
      busyUs: machineBusyUs(),
    };
  };
}

/** Returns what `count` sends cost each, and the share of all processors that others used meanwhile. */
export function costOf({ before, after }, count) {
  const used = (of) => after[of] - before[of];
  const machineUs = used('at') * 1_000 * cpus().length;
  return {
    perSecond: (count * 1_000) / used('at'),
    nodeUs: used('nodeUs') / count,
    postgresUs: used('postgresUs') / count,
    walBytes: used('walBytes') / count,
    foreign: Math.max(0, used('busyUs') - used('nodeUs') - used('postgresUs')) / machineUs,
  };
}

/**
 * Returns the share of updates that stayed on their page, of each table that a send updates. All connections to the
 * database must have ended.
 */
export async function hotShares(url) {
  await new Promise((resolve) => setTimeout(resolve, countedWithinMs));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } =
    await client.query(`SELECT relname AS table, n_tup_hot_upd / n_tup_upd::float AS share FROM pg_stat_user_tables
    WHERE relname IN ('conversation', 'inbox', 'member') AND n_tup_upd > 0 ORDER BY relname`);
  await client.end();
  return rows;
}

/** Those that have ended are in the time of the postmaster's children, which it has waited for. */
function serverUs(postmaster) {
  const own = statOf(postmaster);
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  const children = pids.map(statOf).filter((stat) => stat?.parent === postmaster);
  const ticks = children.reduce((sum, { used }) => sum + used, own.used + own.usedByEnded);
  return ticks * tickUs;
}

/** Returns `null` for a process that has ended meanwhile. */
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return { parent: fields[1], used: fields[11] + fields[12], usedByEnded: fields[13] + fields[14] };
  } catch {
    return null;
  }
}
