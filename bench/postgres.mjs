/**
 * `npm run bench -- postgres`: what a send between two people costs on PostgreSQL, by our store, by a transaction of
 * one statement a step, and by a stored function, which all write the same rows with one server that syncs each commit.
 *
 * `--waiting 256` (sends under way), `--seconds 5`, `--warm 2`, `--rounds 2`, `--rates 2500` (sends a second by a
 * clock, our store alone; '' for none), `--connections 8` (of the other two ways).
 */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { build, isBuilt } from '../scripts/build.mjs';
import { atExit } from './at-exit.mjs';
import { measureSync } from './chat/measure-sync.mjs';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    waiting: { type: 'string', default: '256' },
    seconds: { type: 'string', default: '5' },
    warm: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '2' },
    rates: { type: 'string', default: '2500' },
    connections: { type: 'string', default: '8' },
  },
});
const [waiting, rounds, connections] = [values.waiting, values.rounds, values.connections].map(Number);
const span = { warmMs: Number(values.warm) * 1_000, measureMs: Number(values.seconds) * 1_000 };
const rates = values.rates.split(',').filter(Boolean).map(Number);

/**
 * No checkpoint falls into a run: after one the log takes whole pages, and the way whose turn it is would pay for all.
 * For the same reason nothing is vacuumed, which would be the work that other ways have left.
 */
const settings = {
  ...{ fsync: 'on', synchronous_commit: 'on', shared_buffers: '1GB', wal_compression: 'lz4', jit: 'off' },
  ...{ max_wal_size: '16GB', checkpoint_timeout: '1h', autovacuum: 'off' },
};
const sameSends = 100;

if (!isBuilt()) await build();
const { startPostgres } = await import('@everywire/testkit/postgres-server');
const { createRandom } = await import('@everywire/testkit/internal');
const { drawSend, lister, makeConversations } = await import('./postgres/conversations.mjs');
const { openEverywire } = await import('./postgres/everywire-way.mjs');
const { openFunction } = await import('./postgres/function-way.mjs');
const { openNaive } = await import('./postgres/naive-way.mjs');
const { costOf, createGauge, hotShares, postmasterOf, requireDurable } = await import('./postgres/gauges.mjs');
const { latenciesOf, runAlone, runClosed, runOpen } = await import('./postgres/loops.mjs');
const { printLatencies, printRatio, printWay } = await import('./postgres/report.mjs');
const { requireSameRows } = await import('./postgres/same-rows.mjs');

const server = await startPostgres(settings);
const postmaster = await postmasterOf(server);
const [{ place }] = await server.ask("SELECT current_setting('data_directory') AS place");
const stopped = atExit(() => {
  process.kill(postmaster, 'SIGQUIT');
  rmSync(dirname(place), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
});
await requireDurable(server);
const { p50Us, p99Us } = measureSync();
console.log(
  `\nsends between two people, ${waiting} under way, ${rounds} rounds of ${values.seconds} s; a sync of the disk ${p50Us} us (p99 ${p99Us})`,
);
const { conversations, ways } = await openWays();
await measure();
await server.stop();
stopped();

async function openWays() {
  const seed = await server.createDatabase();
  const conversations = await makeConversations(seed);
  const openers = { everywire: openEverywire, naive: openNaive, function: openFunction };
  const ways = [];
  for (const [name, open] of Object.entries(openers)) {
    const url = await server.createDatabase(seed);
    ways.push({ name, url, ...(await open(url, connections)) });
  }
  const random = createRandom(1);
  await requireSameRows(
    ways,
    Array.from({ length: sameSends }, () => drawSend(conversations, random)),
  );
  return { conversations, ways };
}

async function measure() {
  const read = createGauge(server, postmaster);
  const cells = [];
  const clocked = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const way of ways) {
      const { took, ...ends } = await runClosed(sender(way, round), { ...span, waiting, read });
      cells.push({ way: way.name, ...latenciesOf(took), ...costOf(ends, took.length) });
    }
    for (const rate of rates)
      clocked.push({ rate, ...latenciesOf(await runOpen(sender(ways[0], round), { ...span, rate })) });
  }
  const listed = latenciesOf(await runAlone(listOf(ways[0].store), span));
  // What a connection has updated is counted for certain once it has ended.
  for (const way of ways) await way.close();
  for (const { name, url } of ways) printWay(name, cells, await hotShares(url));
  for (const { name } of ways.slice(1)) printRatio('everywire', name, cells);
  for (const rate of rates)
    printLatencies(
      `everywire, ${rate} a second`,
      clocked.filter((cell) => cell.rate === rate),
    );
  printLatencies(`everywire, a list of ${lister.entries} among ${lister.conversations}, one after the other`, [listed]);
}

/** The same conversations in the same order for each way. */
function sender(way, round) {
  const random = createRandom(round);
  return () => way.send(drawSend(conversations, random));
}

function listOf(store) {
  return async () => {
    const { entries } = await store.list(lister.user, null, lister.entries);
    if (entries.length !== lister.entries) throw new Error(`a list of ${entries.length} entries`);
  };
}
