import { it } from 'vitest';
import { runProgram } from '../../run-program.js';

const HOURS = 3_600_000;
/** The seeds to run. `simulation.test.ts` runs the first 500. */
const seeds = process.env['EVERYWIRE_LONG'] ? { from: 1, count: 1_000_000 } : { from: 501, count: 2_000 };

it(`no rule of a session is broken in ${seeds.count} seeds`, { tags: ['wide'], timeout: 12 * HOURS }, async () => {
  const args = ['--from', String(seeds.from), '--seeds', String(seeds.count)];
  await runProgram('scripts/run-built.mjs', ['tests/simulation/session/main.ts', ...args]);
});
