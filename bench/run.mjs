/**
 * `npm run bench`: every peer under every load, in one run, ratios to `ws` printed; bench/README.md says how to read
 * them.
 *
 * `--loads w1max,w2pp`, `--peers ws,everywire`, `--rounds 3`, `--measure SECONDS`, `--save` (into
 * bench/results/fan-out.json).
 */
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, isBuilt } from '../scripts/build.mjs';
import { writeRows } from '../scripts/write-rows.mjs';
import { buildGenerator, runCell } from './generator.mjs';
import { peers as allPeers, floorPeers, workloads } from './workloads.mjs';

const { values } = parseArgs({
  options: {
    loads: { type: 'string', default: Object.keys(workloads).join(',') },
    peers: { type: 'string', default: allPeers.join(',') },
    rounds: { type: 'string', default: '3' },
    warm: { type: 'string', default: '5' },
    measure: { type: 'string', default: '4' },
    save: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const timing = { warmS: Number(values.warm), measureS: Number(values.measure) };
const peers = values.peers.split(',');
const serverOf = (peer) => peer.split(':')[0];
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

if (!isBuilt()) await build();
buildGenerator();
let port = 21_000;
const results = [];
for (const load of values.loads.split(',')) {
  const workload = workloads[load];
  const taking = (workload.peers ?? peers).filter(
    (peer) => peers.includes(serverOf(peer)) && (workload.floor || !floorPeers.includes(peer)),
  );
  const cells = Object.fromEntries(taking.map((peer) => [peer, []]));
  // Peers take turns, so that a machine that changes its pace in mid-run changes it for all.
  for (let round = 0; round < rounds; round += 1) {
    for (const peer of taking) cells[peer].push(await runCell(peer, workload, port++, timing));
  }
  const { text, goal, base = 'ws' } = workload;
  results.push({
    date: new Date().toISOString(),
    load,
    text,
    goal,
    base,
    rounds,
    ...timing,
    peers: summarize(load, base, cells),
  });
  print(results.at(-1));
}
if (values.save) save();
process.exitCode = results.some(misses) ? 1 : 0;

/** Whether one of ours is beyond its goal. */
function misses({ load, goal, base, peers: rows }) {
  const { mostUs, turnOf = 0 } = workloads[load];
  return Object.entries(rows).some(([peer, { figure, cpuUs }]) => {
    if (!/^everywire$|-gateway$/.test(serverOf(peer)) || (goal === null && mostUs === undefined)) return false;
    return figure > (mostUs ?? goal * (rows[base]?.figure ?? Number.POSITIVE_INFINITY) + turnOf * (cpuUs ?? 0));
  });
}

function summarize(load, base, cells) {
  const figure = load.endsWith('idle') ? 'bytes_per_connection' : (workloads[load].figure ?? 'cpu_us');
  const of = (peer, name) => median(cells[peer].map((cell) => cell[name]));
  const baseFigure = cells[base] ? of(base, figure) : null;
  return Object.fromEntries(
    Object.keys(cells).map((peer) => {
      const row = {
        figure: of(peer, figure),
        ratio: baseFigure ? of(peer, figure) / baseFigure : null,
        handshakeUs: of(peer, 'handshake_us'),
        errors: Math.max(...cells[peer].map((cell) => cell.errors)),
      };
      if (load.endsWith('idle')) return [peer, row];
      return [
        peer,
        {
          ...row,
          cpuUs: of(peer, 'cpu_us'),
          perSecond: of(peer, 'per_s'),
          p50Us: of(peer, 'p50_us'),
          p99Us: of(peer, 'p99_us'),
          serverPct: of(peer, 'server_pct'),
          foreignPct: of(peer, 'foreign_pct'),
        },
      ];
    }),
  );
}

function goalOf({ load, goal, base }) {
  const { mostUs, turnOf } = workloads[load];
  if (mostUs !== undefined) return ` (goal: p99 at most ${mostUs} us)`;
  if (goal === null) return '';
  return ` (goal: at most ${goal} x ${base}${turnOf ? ` plus a tick, ${turnOf} deliveries` : ''})`;
}

function print(result) {
  const { load, text, base, peers: rows } = result;
  console.log(`\n${load}: ${text}${goalOf(result)}`);
  for (const [peer, row] of Object.entries(rows)) {
    const unit = load.endsWith('idle')
      ? `${row.figure.toFixed(0).padStart(7)} bytes/conn  ${row.handshakeUs.toFixed(0)} us/handshake`
      : `${row.cpuUs.toFixed(3).padStart(8)} us/delivery  ${row.perSecond.toFixed(0).padStart(8)}/s  p50 ${row.p50Us.toFixed(0)} p99 ${row.p99Us.toFixed(0)} us  server ${row.serverPct.toFixed(0)} %  foreign ${row.foreignPct.toFixed(0)} %`;
    console.log(
      `  ${peer.padEnd(19)} ${unit}  ${row.ratio === null ? '' : `${row.ratio.toFixed(2)} x ${base}`}${row.errors ? `  ERRORS ${row.errors}` : ''}`,
    );
  }
}

/** Loads that were not run keep their last figures, so that a quiet hour may be taken in parts. */
function save() {
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
  const file = fileURLToPath(new URL('results/fan-out.json', import.meta.url));
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).results : [];
  const kept = before.filter((row) => workloads[row.load] && !results.some((result) => result.load === row.load));
  const order = Object.keys(workloads);
  const all = [...kept, ...results].toSorted((a, b) => order.indexOf(a.load) - order.indexOf(b.load));
  writeRows(file, { machine, results: all });
  console.log(`\nwritten to ${file}`);
}
