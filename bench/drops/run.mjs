/**
 * `npm run bench -- drops`: measures what arrives through a failing network; bench/README.md says how to read it.
 *
 * `--scenarios S1,S10`, `--systems everywire,ws`, `--runs 2`, `--jobs 16` at once, `--ours` (no peers), `--quick`
 * (ours, shortened), `--save` (whole runs, in bench/results/drops.json). Exits with 1 where one of ours misses a
 * criterion.
 */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { writeRows } from '../../scripts/write-rows.mjs';
import { systems as allSystems } from './adapters/systems.mjs';
import { isInexcusable, isVoid, LAG_MS, missed, stoppedBy } from './judge.mjs';
import { scenarioNames } from './scenarios.mjs';
import { printTables, summarize } from './table.mjs';

/** How often a run is repeated because the machine was busy: among the others, and then alone. */
const REPEATS_MAX = 2;
const REPEATS_ALONE_MAX = 3;
/** Milliseconds between the starts of two processes, because the start needs most of the CPU. */
const START_MS = 250;

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    scenarios: { type: 'string', default: scenarioNames.join(',') },
    systems: { type: 'string' },
    runs: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '16' },
    seed: { type: 'string', default: '1' },
    ours: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});
const isOurs = (system) => 'transport' in allSystems[system];
const wanted =
  values.systems?.split(',') ??
  Object.keys(allSystems).filter((name) => !(values.ours || values.quick) || isOurs(name));

const startedAt = performance.now();
const runs = [];
const failures = [];
const stopped = [];
const program = await bundleCell();
try {
  await runAll(listCells());
} finally {
  rmSync(program);
}
report();

/** One file for all processes, from the sources as they are. */
async function bundleCell() {
  const outfile = fileURLToPath(new URL(`../../.cache/drops-cell-${process.pid}.mjs`, import.meta.url));
  await build({
    entryPoints: [fileURLToPath(new URL('cell.mjs', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    external: ['socket.io', 'socket.io-client', 'sockjs', 'sockjs-client', 'ws'],
    logLevel: 'warning',
  });
  return outfile;
}

function listCells() {
  const cells = [];
  for (let run = 0; run < Number(values.runs); run += 1) {
    for (const scenario of values.scenarios.split(',')) {
      for (const system of wanted) {
        const why = isOurs(system) ? stoppedBy(allSystems[system].transport, scenario) : null;
        if (why) stopped.push({ system, scenario, why });
        else cells.push({ system, scenario, seed: Number(values.seed) + run, quick: values.quick });
      }
    }
  }
  return cells;
}

async function runAll(cells) {
  const jobs = Math.min(Number(values.jobs), cells.length);
  console.log(`${cells.length} runs, ${jobs} at a time`);
  const work = async () => {
    for (let cell = cells.shift(); cell; cell = cells.shift()) {
      if (!(await runUntilValid(cell, REPEATS_MAX, false))) alone.push(cell);
    }
  };
  const alone = [];
  const working = [];
  for (let job = 0; job < jobs; job += 1) {
    working.push(work());
    await new Promise((done) => setTimeout(done, START_MS));
  }
  await Promise.all(working);
  for (const cell of alone) await runUntilValid(cell, REPEATS_ALONE_MAX, true);
}

/**
 * A run on a machine that stood still is void, is said to be so, and is repeated.
 *
 * @returns false where all were void and none was kept.
 */
async function runUntilValid(cell, repeats, keepsLast) {
  for (let left = repeats; left >= 0; left -= 1) {
    const run = await runCell(cell);
    const misses = isOurs(cell.system) ? missed(run) : [];
    const line = `${cell.scenario} ${cell.system}: ${brief(run)}`;
    if ((left === 0 && keepsLast) || !isExcused(run, misses)) {
      keep(run, misses, line);
      return true;
    }
    console.log(`VOID   ${line}: the event loop stood still for ${run.lagMs} ms; again`);
  }
  return false;
}

/** Tells whether a void run is repeated. A short run is kept if it meets the criteria, because only those count. */
function isExcused(run, misses) {
  return isVoid(run) && !misses.some(isInexcusable) && (misses.length > 0 || !values.quick);
}

function keep(run, misses, line) {
  runs.push({ ...run, void: isVoid(run) });
  failures.push(...misses.map((miss) => `${run.scenario} ${run.system} seed ${run.seed}: ${miss}`));
  console.log(`${misses.length > 0 ? 'MISSED' : 'ok    '} ${line}`);
  for (const miss of misses) console.log(`         ${miss}`);
  if (values.verbose || misses.length > 0) console.log(`         ${JSON.stringify(run)}`);
}

function runCell(cell) {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, JSON.stringify(cell)], (error, stdout, stderr) => {
      const line = stdout.trim().split('\n').at(-1);
      if (line) resolve(JSON.parse(line));
      else reject(new Error(`${JSON.stringify(cell)} gave nothing: ${error?.message} ${stderr}`));
    });
  });
}

function brief({ down, up }) {
  const seconds = (ms) => (ms / 1000).toFixed(1);
  const way = ({ delivered, sent, repeated, silentMs, beyondMs }) =>
    `${delivered}/${sent}${repeated > 0 ? ` +${repeated}` : ''} silent ${seconds(silentMs)} s (${seconds(beyondMs)})`;
  return `down ${way(down)}, up ${way(up)}`;
}

function report() {
  const rows = [];
  for (const scenario of values.scenarios.split(',')) {
    for (const system of wanted) {
      const own = runs.filter((run) => run.scenario === scenario && run.system === system);
      if (own.length > 0) rows.push({ system, title: allSystems[system].title, scenario, summary: summarize(own) });
    }
  }
  console.log('');
  printTables(rows);
  if (stopped.length > 0) console.log('\nWhat a scenario stops by its nature, and is not asked for:');
  for (const { system, scenario, why } of stopped) console.log(`  ${scenario} ${system}: ${why}`);
  const voids = runs.filter((run) => run.void).length;
  if (voids > 0)
    console.log(`\n${voids} runs were judged although the event loop stood still for more than ${LAG_MS} ms.`);
  if (values.save && !values.quick) save(rows);
  console.log(
    `\n${runs.length} runs in ${Math.round((performance.now() - startedAt) / 1000)} s, ${failures.length} missed`,
  );
  for (const failure of failures) console.log(`  ${failure}`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

/** Replaces the stored figures of the measured cells, so that a full result can be collected in several runs. */
function save(rows) {
  const file = fileURLToPath(new URL('../results/drops.json', import.meta.url));
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { versions: {}, full: {} };
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
  const versions = Object.assign(kept.versions, ...runs.map((run) => run.versions));
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const about = { date: new Date().toISOString(), commit, runs: Number(values.runs) };
  for (const { scenario, system, summary } of rows) {
    kept.full[scenario] ??= {};
    kept.full[scenario][system] = { ...summary, ...about };
  }
  writeRows(file, { ...kept, machine, versions }, 3);
  console.log(`\nwritten to ${file}`);
}
