import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runSuite, type SuiteResult, suiteArguments } from '../../scripts/test/run-suite.mjs';
import { lookAgain } from '../../scripts/test/second-look.mjs';
import { root } from './checkout-copy.js';

const sound = "import { it } from 'vitest';\nit('is sound', () => {});\n";

/** Returns test code whose `act` runs only in the first of several runs. */
const firstTime = (mark: string, act: string): string =>
  `import { existsSync, writeFileSync } from 'node:fs';
import { it } from 'vitest';
it('is sound', () => {});
it('loses a race', () => {
  if (existsSync('${mark}')) return;
  writeFileSync('${mark}', '');
  ${act}
});
`;

describe('a toy suite', { timeout: 600_000 }, () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(root, 'tests/house/.lanes-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function runTwice(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const vitest = [relative(root, folder)];
    const repeated: (string | null)[] = [];
    const run = (paths: readonly string[]): Promise<SuiteResult> => {
      const suite = { name: 'toy', vitest: paths };
      const args = suiteArguments(suite, 'all') ?? [];
      return runSuite({ suite, args, lane: 'all', deadlineSeconds: 600, logName: 'toy' });
    };
    const { results, flaky } = await lookAgain({
      results: [await run(vitest)],
      elapsedSeconds: () => 0,
      repeat: ({ file }) => {
        repeated.push(file && relative(relative(root, folder), file));
        return run(file === null ? vitest : [file]);
      },
    });
    return { result: results[0], flaky, repeated };
  }

  it('a file that fails once is flaky; one that always fails and one that throws remain failures', async () => {
    const { result, flaky, repeated } = await runTwice({
      'once.test.ts': firstTime(join(folder, 'mark'), "throw new Error('too early');"),
      'always.test.ts': "import { it } from 'vitest';\nit('is wrong', () => { throw new Error('lost'); });\n",
      'throws.test.ts': "throw new Error('no module');\n",
    });
    expect(repeated.sort()).toEqual(['always.test.ts', 'once.test.ts', 'once.test.ts', 'throws.test.ts']);
    expect(flaky).toMatchObject([{ suite: 'toy', name: 'loses a race' }]);
    expect(flaky[0]?.problems[0]).toContain('too early');
    expect(result).toMatchObject({ passed: 2, failed: 2 });
    const problems = result?.failures.flatMap((failure) => failure.problems).join();
    expect(problems).toMatch(/lost/);
    expect(problems).toMatch(/no module/);
  });

  it('after an error outside all tests, the whole suite is retried', async () => {
    const { result, flaky, repeated } = await runTwice({
      'loose.test.ts': firstTime(join(folder, 'mark'), "setTimeout(() => { throw new Error('late'); });"),
      'sound.test.ts': sound,
    });
    expect(repeated).toEqual([null, null]);
    expect(flaky[0]?.problems[0]).toContain('late');
    expect(result).toMatchObject({ passed: 3, failed: 0, failures: [] });
  });
});

describe('retries of failures', () => {
  const failedIn = (suite: string, files: readonly string[], more: Partial<SuiteResult> = {}): SuiteResult => {
    const failures = files.map((file) => ({ file, name: 'fails', problems: ['wrong'] }));
    return { suite, deterministic: false, hung: false, passed: 5, failed: files.length, tests: [], failures, ...more };
  };
  const filesOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `${index}.test.ts`);

  async function repeatedOf(results: readonly SuiteResult[], elapsedSeconds = 0) {
    const repeated: (string | null)[] = [];
    const looked = await lookAgain({
      results,
      elapsedSeconds: () => elapsedSeconds,
      repeat: async ({ suite, file }) => {
        repeated.push(file);
        return failedIn(suite, []);
      },
    });
    return { repeated, failed: looked.results.reduce((sum, result) => sum + result.failed, 0) };
  }

  it('five failed files are retried one by one, six as their whole suite', async () => {
    const five = filesOf(5).flatMap((file) => [file, file]);
    expect(await repeatedOf([failedIn('a', filesOf(5))])).toEqual({ repeated: five, failed: 0 });
    expect(await repeatedOf([failedIn('a', filesOf(6))])).toEqual({ repeated: [null, null], failed: 0 });
  });

  it('more than ten entries are not retried', async () => {
    const ten = ['a', 'b'].map((suite) => failedIn(suite, filesOf(5)));
    expect((await repeatedOf(ten)).failed).toBe(0);
    expect(await repeatedOf([...ten, failedIn('c', filesOf(1))])).toEqual({ repeated: [], failed: 11 });
  });

  it('a suite that hung is retried as a whole, and a deterministic suite is never retried', async () => {
    expect((await repeatedOf([failedIn('a', filesOf(1), { hung: true })])).repeated).toEqual([null, null]);
    expect(await repeatedOf([failedIn('a', filesOf(1), { deterministic: true })])).toEqual({ repeated: [], failed: 1 });
  });

  it('nothing is retried after the thirtieth minute', async () => {
    expect((await repeatedOf([failedIn('a', filesOf(1))], 1_800)).failed).toBe(0);
    expect(await repeatedOf([failedIn('a', filesOf(1))], 1_801)).toEqual({ repeated: [], failed: 1 });
  });
});
