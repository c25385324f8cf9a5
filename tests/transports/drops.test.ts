import { it } from 'vitest';
import { runProgram } from '../run-program.js';

const args = process.env['EVERYWIRE_LONG'] ? ['--ours', '--runs', '3'] : ['--quick'];

it(
  'nothing is lost and no one waits longer than allowed in the scenarios of the bench',
  { tags: ['wide'], timeout: 3_600_000 },
  () => runProgram('bench/drops/run.mjs', args),
);
