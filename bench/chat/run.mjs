/**
 * `npm run bench -- chat`: what the chat does on its shipped store; bench/README.md says how to read it.
 *
 * `--loads direct-1m,direct-6m,group,idle`, `--measure SECONDS`, `--save` (into bench/results/chat.json), `--note TEXT`
 * (kept with it).
 */
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, isBuilt } from '../../scripts/build.mjs';
import { writeRows } from '../../scripts/write-rows.mjs';

if (!isBuilt()) await build();
const { loads } = await import('./loads.mjs');
const { measureSync } = await import('./measure-sync.mjs');

const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== 'chat'),
  options: {
    loads: { type: 'string', default: Object.keys(loads).join(',') },
    measure: { type: 'string', default: '10' },
    save: { type: 'boolean', default: false },
    note: { type: 'string', default: '' },
  },
});

const sync = measureSync();
console.log(`a sync of the disk (4 kB, fdatasync): p50 ${sync.p50Us} us, p99 ${sync.p99Us} us`);
const results = [];
for (const name of values.loads.split(',')) {
  const { text, run, goals } = loads[name];
  console.log(`\n${name}: ${text}`);
  const figures = await run({ measureMs: Number(values.measure) * 1_000, say: (line) => console.log(`  ${line}`) });
  if (figures === null) continue;
  const missed = Object.entries(goals).filter(([figure, { least, most }]) => {
    const is = figures[figure];
    return !(is >= (least ?? is) && is <= (most ?? is));
  });
  for (const [figure, { least, most }] of missed) {
    console.log(
      `  MISSED ${figure}: ${figures[figure]}, wanted ${least === undefined ? `at most ${most}` : `at least ${least}`}`,
    );
  }
  results.push({ load: name, date: new Date().toISOString(), note: values.note, sync, goals, figures });
}
if (values.save) save();
process.exitCode = results.some(({ goals, figures }) =>
  Object.entries(goals).some(([figure, { least, most }]) => figures[figure] < least || figures[figure] > most),
)
  ? 1
  : 0;

/** Loads that were not run keep their last figures. */
function save() {
  const file = fileURLToPath(new URL('../results/chat.json', import.meta.url));
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).results : [];
  const kept = before.filter(({ load }) => loads[load] && !results.some((result) => result.load === load));
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
  writeRows(file, { machine, results: [...kept, ...results] });
}
