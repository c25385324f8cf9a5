import { it } from 'vitest';
import { runProgram } from '../../run-program.js';

// Runs the simulation of the chat: devices and server nodes with random faults. A seed determines one run.

const HOURS = 3_600_000;
const count = process.env['EVERYWIRE_LONG'] ? 20_000 : 300;

it(
  `no rule of the chat log is broken in ${count} seeds, which cover every command and query except those listed with a reason`,
  { timeout: 6 * HOURS },
  () =>
    runProgram('scripts/run-built.mjs', [
      'tests/simulation/chat/main.ts',
      '--from',
      '1',
      '--seeds',
      String(count),
      '--meets-all',
    ]),
);
