import { it } from 'vitest';
import { runProgram } from '../run-program.js';

it('sockets are read and written on every supported version of Node', { tags: ['wide'], timeout: 3_600_000 }, () =>
  runProgram('tests/node-versions/run.mjs'),
);
