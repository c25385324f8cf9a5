import { writeSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type Reporter, type TestModule, type TestSpecification } from 'vitest/node';
import base from '../../vitest.config.js';

/** The test files to run, nearest first. */
const files = (process.env['MUTANTS_TESTS'] ?? '').split(',');

class GivenOrder extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => files.findIndex((file) => moduleId.endsWith(`/${file}`));
    return specifications.toSorted((a, b) => place(a) - place(b));
  }
}

/** Writes a line of JSON to the file descriptor that `run-checks.mjs` reads, at each start and end. */
const say = (line: object): void => {
  writeSync(3, `${JSON.stringify(line)}\n`);
};
const fileOf = (module: TestModule): string => module.relativeModuleId;

const progress: Reporter = {
  onTestModuleStart: (module) => say({ began: fileOf(module) }),
  onTestCaseResult: (test) => {
    const failed = test.result().state === 'failed';
    say({ file: fileOf(test.module), test: test.fullName, failed, ms: test.diagnostic()?.duration ?? 0 });
  },
  onTestModuleEnd: (module) => {
    const { duration, collectDuration, setupDuration } = module.diagnostic();
    say({ ended: fileOf(module), failed: !module.ok(), ms: duration + collectDuration + setupDuration });
  },
  onTestRunEnd: (_modules, errors) => say({ done: true, failed: errors.length > 0, error: errors[0]?.message }),
};

export default defineConfig({
  ...base,
  root: process.cwd(),
  test: {
    ...base.test,
    include: files,
    setupFiles: [...(base.test?.setupFiles ?? []), 'scripts/mutants/name-test-file.mjs'],
    reporters: [progress],
    sequence: { sequencer: GivenOrder },
    // One process for all files, because starting one for each costs more than the tests.
    isolate: false,
    maxWorkers: 1,
    ...(process.env['MUTANTS_WIDE'] ? {} : { tagsFilter: ['!wide'] }),
    // Only the file with the mutant is transformed again.
    fsModuleCache: true,
    fsModuleCachePath: '.cache/modules',
  },
});
