import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Lane, runSuite, type SuiteResult, suiteArguments } from '../../scripts/test/run-suite.mjs';
import { runSideBySide } from '../../scripts/test/schedule.mjs';
import { suites } from '../../scripts/test/suites.mjs';
import { root } from './checkout-copy.js';

/** Only a hung Vitest takes this long for one file. */
const deadlineSeconds = 600;

const fixture = `
import { expect, it } from 'vitest';
it('is quick', () => {});
it('is wide', { tags: ['wide'] }, () => {});
`;

describe('a suite', { timeout: deadlineSeconds * 1000 }, () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(root, 'tests/house/.lanes-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function runFile(text: string, lane: Lane): Promise<SuiteResult> {
    writeFileSync(join(folder, 'fixture.test.ts'), text);
    const suite = { name: 'test-lanes', vitest: [relative(root, folder)] };
    return runSuite({ suite, args: suiteArguments(suite, lane) ?? [], lane, deadlineSeconds });
  }

  it.each([
    ['quick', ['is quick']],
    ['all', ['is quick', 'is wide']],
  ] as const)('the lane %s runs the tests that pass its tag filter', async (lane, names) => {
    const { passed, failed, tests } = await runFile(fixture, lane);
    expect(tests.map(({ name }) => name)).toEqual(names);
    expect({ passed, failed }).toEqual({ passed: names.length, failed: 0 });
  });

  it('a suite whose only file is wide as a whole has nothing to run in npm test', () => {
    writeFileSync(join(folder, 'fixture.test.ts'), `${['// @module-tag', 'wide'].join(' ')}\n${fixture}`);
    const suite = { name: 'test-lanes', vitest: [relative(root, folder)] };
    expect(suiteArguments(suite, 'quick')).toBeNull();
    expect(suiteArguments(suite, 'all')).toContain(relative(root, join(folder, 'fixture.test.ts')));
  });

  it('a skipped test, a failed hook and a file that does not load count as failures', async () => {
    const skipped = await runFile("import { it } from 'vitest';\nit.skip('left out', () => {});\n", 'quick');
    expect(skipped.failures).toMatchObject([
      { name: 'left out', problems: ['skipped: a skipped test counts as failed'] },
    ]);
    const hook =
      "import { beforeAll, it } from 'vitest';\nbeforeAll(() => { throw new Error('no server'); });\nit('a', () => {});\n";
    expect((await runFile(hook, 'all')).failures.flatMap(({ problems }) => problems).join()).toContain('no server');
    const broken = await runFile("import './nowhere.js';\n", 'all');
    expect(broken.failures[0]?.problems.join()).toContain('nowhere');
  });

  it('a suite that hangs is killed, and the test that was running is its failure', { tags: ['wide'] }, async () => {
    const suite = { name: 'test-lanes', vitest: [relative(root, folder)] };
    // A one-line program reaches its test within this time on any machine; Vitest may not.
    const hangs = "process.send({ type: 'started', test: { file: '', name: 'waits' } }); setInterval(() => {}, 1e6)";
    const { passed, failures } = await runSuite({ suite, args: ['-e', hangs], lane: 'all', deadlineSeconds: 20 });
    expect(passed).toBe(0);
    expect(failures).toMatchObject([{ name: 'waits', problems: ['killed: no end after 20 s'] }]);
  });

  it('a suite that runs no test, ends early, or misses a file has failed', async () => {
    const nothing = await runFile("import { describe } from 'vitest';\ndescribe('nothing', () => {});\n", 'all');
    expect(nothing).toMatchObject({ passed: 0, failed: 2 });
    const early = { name: 'test-lanes', vitest: [relative(root, folder)] };
    const exits = [
      '-e',
      "process.send({ type: 'ended', test: { file: '', name: 'a' }, passed: true, ms: 1 }); process.exitCode = 0",
    ];
    const ended = await runSuite({ suite: early, args: exits, lane: 'all', deadlineSeconds });
    expect(ended.failures[0]?.problems[0]).toMatch(/before its tests ended/);
    const fewer = ['-e', "process.send({ type: 'done', files: 7 })", 'a.test.ts'];
    const missed = await runSuite({ suite: early, args: fewer, lane: 'all', deadlineSeconds });
    expect(missed.failures).toMatchObject([{ problems: ['ran 7 of 1 files'] }]);
  });

  it('a process that a suite leaves in another process group ends with the suite', async () => {
    const code = `const { spawn } = require('node:child_process');
      const child = spawn('sleep', ['600'], { detached: true, stdio: 'inherit' });
      require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'pid'))}, String(child.pid));
      child.unref();`;
    const suite = { name: 'test-lanes', node: ['-e', code] };
    const outcome = await runSuite({ suite, args: ['-e', code], lane: 'all', deadlineSeconds });
    expect(outcome).toMatchObject({ passed: 1, failed: 0 });
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false);
  });

  it('a suite that is a program passes or fails as a whole', async () => {
    const program = (code: string) => {
      const suite = { name: 'test-lanes', node: ['-e', code] };
      return runSuite({ suite, args: suiteArguments(suite, 'all') ?? [], lane: 'all', deadlineSeconds });
    };
    expect(await program('0')).toMatchObject({ passed: 1, failed: 0 });
    const failed = await program("console.log('what is wrong'); process.exit(3)");
    expect(failed.failures[0]?.problems[0]).toMatch(/exited with 3\nwhat is wrong/);
  });
});

describe('suites side by side', () => {
  async function orderOf(jobs: readonly { name: string; cores: number; seconds: number }[], cores: number) {
    const order: string[] = [];
    let [taken, most] = [0, 0];
    await runSideBySide(jobs, {
      cores,
      run: async (job) => {
        order.push(job.name);
        taken += job.cores;
        most = Math.max(most, taken);
        for (let turn = 0; turn < job.seconds; turn += 1) await Promise.resolve();
        taken -= job.cores;
      },
    });
    return { order, most };
  }

  it('the longest suite starts first, and no more cores are taken than there are', async () => {
    const jobs = [
      { name: 'short', cores: 1, seconds: 5 },
      { name: 'long', cores: 1, seconds: 50 },
      { name: 'waiting', cores: 0.2, seconds: 20 },
      { name: 'middle', cores: 1, seconds: 30 },
    ];
    const { order, most } = await orderOf(jobs, 2);
    expect(order.slice(0, 2)).toEqual(['long', 'middle']);
    expect([...order].sort()).toEqual(['long', 'middle', 'short', 'waiting']);
    expect(most).toBeLessThanOrEqual(2);
  });

  it('a suite that needs more cores than the machine has runs alone', async () => {
    const jobs = ['a', 'b'].map((name) => ({ name, cores: 3, seconds: 3 }));
    expect(await orderOf(jobs, 2)).toEqual({ order: ['a', 'b'], most: 3 });
  });
});

it('every suite has a budget in each lane that runs it, and a number of cores', () => {
  for (const suite of suites) {
    expect(suite.cores, suite.name).toBeGreaterThan(0);
    const [quick, all, long] = suite.seconds;
    if (suiteArguments(suite, 'quick')) expect(quick, suite.name).toBeGreaterThan(0);
    expect(all, suite.name).toBeGreaterThan(0);
    expect(long, suite.name).toBeGreaterThan(0);
  }
});

it('every test file belongs to a suite', () => {
  const listed = execFileSync('git', ['ls-files', '*.test.ts', '*.test.tsx'], { cwd: root, encoding: 'utf8' });
  const folders = suites.flatMap(({ vitest = [] }) => vitest);
  const strays = listed
    .split('\n')
    .filter((file) => file !== '' && !folders.some((path) => file === path || file.startsWith(`${path}/`)));
  expect(strays).toEqual([]);
});
