import { parseArgs } from 'node:util';
import { notMet } from './not-simulated.js';
import { simulateSeed } from './simulate.js';

// The program behind `npm run simulate:chat`: runs seeds of the simulation of the chat and reports those that fail.
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '300' },
    from: { type: 'string', default: '1' },
    /** Fails if a command or query of the protocol was not answered successfully in any seed. */
    'meets-all': { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
  },
});
const [from, seeds] = [Number(values.from), Number(values.seeds)];
const startedAt = Date.now();
/** Names of all commands and queries that were answered successfully. */
const met = new Set<string>();
let failed = 0;
for (let seed = from; seed < from + seeds; seed += 1) {
  const { failures, answered } = await simulateSeed(seed, values.trace ? (line) => console.log(line) : null);
  for (const name of answered) met.add(name);
  if (failures.length === 0) continue;
  failed += 1;
  console.log(`seed ${seed} failed; again with: npm run simulate:chat -- --seeds 1 --from ${seed} --trace`);
  for (const failure of failures) console.log(`  ${failure}`);
  if (failed >= 5) break;
}
const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1);
console.log(
  failed === 0 ? `${seeds} seeds from ${from} clean in ${seconds} s` : `${failed} seeds failed in ${seconds} s`,
);
const missing = values['meets-all'] ? notMet(met) : [];
for (const line of missing) console.log(line);
process.exitCode = failed === 0 && missing.length === 0 ? 0 : 1;
