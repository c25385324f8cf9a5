/** Publishes the name of the test file for `record-coverage.mjs`, here and in the processes that the test starts. */
import { relative } from 'node:path';
import { beforeAll, expect } from 'vitest';

process.env.MUTANTS_CHECK = relative(process.cwd(), expect.getState().testPath);
globalThis.__mutants__?.begin(process.env.MUTANTS_CHECK);
beforeAll(() => globalThis.__mutants__?.collected());
