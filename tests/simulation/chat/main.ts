import { parseArgs } from 'node:util';
import { simulateSeed } from './simulate.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '300' },
    from: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
  },
});
const [from, seeds] = [Number(values.from), Number(values.seeds)];
const startedAt = Date.now();
let failed = 0;
for (let seed = from; seed < from + seeds; seed += 1) {
  const { failures } = await simulateSeed(seed, values.trace ? (line) => console.log(line) : null);
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
process.exitCode = failed === 0 ? 0 : 1;
