/**
 * `npm run bench -- cluster`: what one delivered message costs the chat as a whole on 1, 2 and 4 nodes over one
 * PostgreSQL, at the same total load: processor time of the nodes, of PostgreSQL and of the broker's service. The base
 * is one node without a broker. Exits with 1 where a send failed or a delivery was lost.
 *
 * `--brokers postgres,nats`, `--nodes 1,2,4`, `--people 200`, `--rate 100` (sends a second of all people together),
 * `--warm 12` (seconds a node), `--seconds 10`.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, isBuilt } from '../scripts/build.mjs';
import { killAtExit } from './at-exit.mjs';
import { startSender } from './chat/processes.mjs';
import { machineBusyUs, processCpuUs } from './cpu-time.mjs';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    brokers: { type: 'string', default: 'postgres,nats' },
    nodes: { type: 'string', default: '1,2,4' },
    people: { type: 'string', default: '200' },
    rate: { type: 'string', default: '100' },
    warm: { type: 'string', default: '12' },
    seconds: { type: 'string', default: '10' },
  },
});
const program = fileURLToPath(new URL('cluster-node.mjs', import.meta.url));
const brokers = values.brokers.split(',');
const measureMs = Number(values.seconds) * 1_000;
/** Where profiles of the nodes are to be kept. */
const profiles = process.env.EVERYWIRE_BENCH_PROFILE;
const execArgv = profiles ? ['--cpu-prof', '--cpu-prof-dir', profiles] : [];
/** The time after which a broker without peers sends nothing, ms. */
const aloneMs = 4_000;
const columns = [
  ...['broker', 'nodes', 'in nodes', 'PostgreSQL', 'service', 'sum', 'x base', 'x one node', 'bytes'],
  ...['delivered/s', 'ack p50', 'p99 ms', 'failed', 'lost', 'machine %', 'foreign %'],
];

if (!isBuilt()) await build();
const { makePlace } = await import('./cluster-place.mjs');
const { serviceCpuUs, startServices } = await import('./cluster-services.mjs');

const services = await startServices({ nats: brokers.includes('nats') });
try {
  await run();
} finally {
  await services.stop();
}

async function run() {
  const template = await services.postgres.createDatabase();
  const place = await makePlace(template, Number(values.people));
  console.log(
    `us of processor time a delivery: ${values.people} people, ${values.rate} sends a second, each delivered to two people`,
  );
  print(columns);
  const base = await measure({ kind: 'none', nodes: 1, template, place });
  report(base, base, base);
  for (const kind of brokers) {
    let alone = null;
    for (const nodes of values.nodes.split(',').map(Number)) {
      const figures = await measure({ kind, nodes, template, place });
      if (nodes === 1) alone = figures;
      report(figures, base, alone);
    }
  }
}

/** Measures one row. Each has a database of its own, so that none is larger than another one's. */
async function measure({ kind, nodes: count, template, place: { users, conversations } }) {
  const url = await services.postgres.createDatabase(template);
  // Otherwise the copy would be written to the disk while the load runs.
  await services.postgres.ask('CHECKPOINT');
  const shared = JSON.stringify({ kind, url, natsUrl: services.natsUrl });
  const people = startSender('../cluster-people.mjs');
  const nodes = Array.from({ length: count }, () => killAtExit(fork(program, [shared], { execArgv })));
  try {
    const ports = await Promise.all(nodes.map(async (node) => (await answerOf(node)).port));
    await new Promise((resolve) => setTimeout(resolve, aloneMs));
    for (const [node, port] of ports.entries())
      await people.run('connect', { port, users: users.filter((_, at) => at % count === node) });
    // Every node is to have compiled as much script as the one of the base: it has its share of the sends, for as many
    // times longer.
    const warmMs = Number(values.warm) * 1_000 * count;
    const used = {};
    const loading = { rate: Number(values.rate), warmMs, measureMs, conversations };
    const figures = await people.run('load', loading, (progress) => {
      used[progress] = usageOf(nodes, people);
      // A node that ended is reported below, when the people have finished.
      used[progress].catch(() => undefined);
    });
    const [before, after] = await Promise.all([used.measuring, used.measured]);
    return { kind, nodes: count, ...figures, ...perDelivery(before, after, figures) };
  } finally {
    people.end();
    await Promise.all(nodes.map(end));
  }
}

/** Reads CPU times from outside: an overloaded node would answer late, and include what it used meanwhile. */
async function usageOf(nodes, people) {
  const { user, system } = process.cpuUsage();
  const used = {
    ...{ atMs: performance.now(), busyUs: machineBusyUs(), othersUs: processCpuUs(people.pid) + user + system },
    ...{ postgresUs: serviceCpuUs('postgres'), natsUs: serviceCpuUs('nats') },
    nodesUs: nodes.reduce((sum, { pid }) => sum + processCpuUs(pid), 0),
  };
  const answers = await Promise.all(
    nodes.map((node) => {
      node.send('bytes');
      return answerOf(node);
    }),
  );
  return { ...used, bytes: answers.reduce((sum, { bytes }) => sum + bytes, 0) };
}

function perDelivery(before, after, { eventsPerSecond }) {
  const spent = (of) => after[of] - before[of];
  const deliveries = (eventsPerSecond * measureMs) / 1_000;
  const sumUs = spent('nodesUs') + spent('postgresUs') + spent('natsUs');
  return {
    nodesUs: spent('nodesUs') / deliveries,
    postgresUs: spent('postgresUs') / deliveries,
    natsUs: spent('natsUs') / deliveries,
    sumUs: sumUs / deliveries,
    bytes: spent('bytes') / deliveries,
    machinePct: spent('busyUs') / spent('atMs') / 10 / cpus().length,
    foreignPct: (spent('busyUs') - sumUs - spent('othersUs')) / spent('atMs') / 10,
  };
}

async function answerOf(node) {
  const [answer] = await Promise.race([
    once(node, 'message'),
    once(node, 'exit').then(() => {
      throw new Error('a node of the bench ended');
    }),
  ]);
  return answer;
}

async function end(node) {
  if (node.exitCode !== null || node.signalCode !== null) return;
  const ended = once(node, 'exit');
  node.kill(profiles ? 'SIGINT' : 'SIGKILL');
  await ended;
}

function report(row, base, alone) {
  const { kind, nodes, nodesUs, postgresUs, natsUs, sumUs, bytes, eventsPerSecond, p50Ms, p99Ms } = row;
  const ratio = (to) => (to === null ? '-' : (sumUs / to.sumUs).toFixed(2));
  const serviceUs = kind === 'nats' ? natsUs.toFixed(0) : '-';
  const costs = [nodesUs.toFixed(0), postgresUs.toFixed(0), serviceUs, sumUs.toFixed(0)];
  const latencies = [p50Ms, p99Ms].map((ms) => ms?.toFixed(1) ?? '-');
  print([
    ...[kind, nodes, ...costs, ratio(base), ratio(alone), bytes.toFixed(0), eventsPerSecond.toFixed(0), ...latencies],
    ...[row.failed, row.lost, row.machinePct.toFixed(0), row.foreignPct.toFixed(0)],
  ]);
  for (const [event, count] of Object.entries(row.others)) console.log(`  ${count} events "${event}" besides`);
  if (row.repeated > 0) console.log(`  ${row.repeated} deliveries were repeated`);
  if (row.failed > 0) console.log(`  failed: ${row.codes}`);
  if (row.failed > 0 || row.lost > 0) process.exitCode = 1;
}

function print(cells) {
  console.log(cells.map((cell, at) => `${cell}`.padStart(columns[at].length + 2)).join(''));
}
