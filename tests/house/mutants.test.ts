import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseChecks, patienceFor, withinSeconds } from '../../scripts/mutants/choose-checks.mjs';
import { draw } from '../../scripts/mutants/draw.mjs';
import { type EquivalentRecord, recordOf, staleRecords } from '../../scripts/mutants/equivalents.mjs';
import { listMutants, mutate } from '../../scripts/mutants/list-mutants.mjs';
import { readRecords } from '../../scripts/mutants/read-records.mjs';
import { countOutcomes } from '../../scripts/mutants/report.mjs';
import { runChecks } from '../../scripts/mutants/run-checks.mjs';
import { root } from './checkout-copy.js';

const source = `export function late(a: number, b: number, ours: boolean): boolean {
  if (!ours && a > 1 && a > b) throw new Error('too late');
  return false;
}
`;

describe('the sample of mutants', () => {
  const items = Array.from({ length: 100 }, (_, index) => index);

  it('depends only on the seed', () => {
    expect(draw(items, 7)).toEqual(draw(items, 7));
    expect(draw(items, 7)).not.toEqual(draw(items, 8));
  });

  it('contains each mutant once', () => {
    expect(draw(items, 7).toSorted((a, b) => a - b)).toEqual(items);
  });

  it('draws every mutant about equally often', () => {
    const drawn = new Map<number, number>();
    for (let seed = 0; seed < 4_000; seed += 1)
      for (const item of draw(items, seed).slice(0, 10)) drawn.set(item, (drawn.get(item) ?? 0) + 1);
    // 400 on average, with a standard deviation of 19.
    for (const item of items) expect(Math.abs((drawn.get(item) ?? 0) - 400)).toBeLessThan(100);
  });
});

describe('the mutants of a file', () => {
  it('include the boundary of a comparison, at its line and column', async () => {
    const { mutants } = await listMutants('late.ts', source);
    const boundary = mutants.find(({ replacement }) => replacement === 'a >= b');
    expect(boundary).toMatchObject({ id: 'late.ts:2:25:EqualityOperator', original: 'a > b', line: 2 });
    expect(boundary && mutate(source, boundary)).toBe(source.replace('a > b', 'a >= b'));
  });

  it('keep the order of evaluation when a logical operator changes', async () => {
    const { mutants } = await listMutants('late.ts', source);
    const inner = mutants.find(({ replacement }) => replacement === '!ours || a > 1');
    expect(inner && mutate(source, inner)).toContain('if ((!ours || a > 1) && a > b)');
  });

  it('leave out strings', async () => {
    const { mutants } = await listMutants('late.ts', source);
    expect(mutants.filter(({ mutator }) => mutator === 'StringLiteral')).toEqual([]);
  });

  it('report under their own key when instrumented code executes them', async () => {
    const { mutants, instrumented } = await listMutants('late.ts', source);
    for (const { key } of mutants) expect(instrumented).toContain(`"${key}"`);
  });

  it('report when instrumented code is imported', async () => {
    const { instrumented } = await listMutants('late.ts', source);
    const said = [...instrumented.matchAll(/__mutants__\?\.importing\((\w+)\)/g)].map(([, now]) => now);
    expect(said).toEqual(['true', 'false']);
  });
});

describe('the tests of a mutant', () => {
  const check = (
    ms: number,
    keys: readonly string[] = ['k'],
  ): { ms: number; slowestMs: number; keys: readonly string[] } => ({
    ms,
    slowestMs: ms,
    keys,
  });
  const coverage = {
    checks: {
      'scripts/run-built.mjs simulate': check(1),
      'tests/server/slow.test.ts': check(900),
      'tests/server/fast.test.ts': check(90),
      'packages/client/src/far.test.ts': check(1),
      'packages/server/src/http/other.test.ts': check(1),
      'packages/server/src/topics/next.test.ts': check(5),
      'packages/server/src/topics/hub.test.ts': check(50),
      'packages/server/src/topics/blind.test.ts': check(1, ['another']),
    },
  };

  it('run from the nearest to the farthest, and only those that execute it', () => {
    expect(chooseChecks({ file: 'packages/server/src/topics/hub.ts', key: 'k' }, coverage)).toEqual([
      'packages/server/src/topics/hub.test.ts',
      'packages/server/src/topics/next.test.ts',
      'packages/server/src/http/other.test.ts',
      'packages/client/src/far.test.ts',
      'tests/server/fast.test.ts',
      'tests/server/slow.test.ts',
      'scripts/run-built.mjs simulate',
    ]);
  });

  it('include a JSX test file of the mutated file', () => {
    const checks = { 'apps/web/src/a.test.ts': check(1), 'apps/web/src/list.test.tsx': check(9) };
    expect(chooseChecks({ file: 'apps/web/src/list.ts', key: 'k' }, { checks })[0]).toBe('apps/web/src/list.test.tsx');
  });

  it('are those that fit into the time limit, and at least one', () => {
    const fast = 'tests/server/fast.test.ts';
    const slow = 'tests/server/slow.test.ts';
    expect(withinSeconds([fast, slow], coverage, 0.99)).toEqual([fast, slow]);
    expect(withinSeconds([fast, slow], coverage, 0.98)).toEqual([fast]);
    expect(withinSeconds([slow, fast], coverage, 0.5)).toEqual([slow]);
  });

  it('have a longer timeout than the duration of the slowest', () => {
    expect(patienceFor(['tests/server/slow.test.ts'], coverage)).toBeGreaterThan(20_000 + 900);
  });
});

it('code that runs during an import counts for each test file that executes code of its folder, and for those of its package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'everywire-mutants-'));
  const [own, user, other] = ['packages/chat/src/a.test.ts', 'tests/chat-server/b.test.ts', 'tests/server/c.test.ts'];
  const [table, use, elsewhere] = [
    'packages/chat/src/table.ts#1',
    'packages/chat/src/other.ts#2',
    'packages/x/src/y.ts#1',
  ];
  const lines = [
    ...[`${other}\t${table}\timport`, `${other}\t${elsewhere}\trun`],
    ...[`${own}\t${elsewhere}\trun`, `${user}\t${use}\trun`],
  ];
  writeFileSync(join(folder, '1-0'), `${lines.join('\n')}\n`);
  const keys = readRecords(folder, [own, user]);
  rmSync(folder, { recursive: true });
  expect(keys.get(own)).toEqual([elsewhere, table]);
  expect(keys.get(user)).toEqual([use, table]);
  expect(keys.get(other)).toBeUndefined();
});

describe('the record of equivalent mutants', () => {
  const mutant = { file: 'late.ts', text: 'if (a > b) return;', original: 'a > b', replacement: 'a >= b' };
  const record = { ...mutant, reason: 'a and b are never equal' };

  it('is found by the text of its line and is stale once the line has changed', () => {
    expect(recordOf(mutant, [record])).toBe(record);
    expect(recordOf({ ...mutant, text: 'if (c && a > b) return;' }, [record])).toBeUndefined();
    expect(staleRecords([record], [mutant], () => true)).toEqual([]);
    expect(staleRecords([record], [], () => true)).toEqual([record]);
  });

  it('is not stale because of the mutants of another package', () => {
    expect(staleRecords([record], [], () => false)).toEqual([]);
  });

  it('has a reason for each mutant', () => {
    const records = JSON.parse(readFileSync(join(root, 'tests/mutants/equivalent.json'), 'utf8')) as EquivalentRecord[];
    for (const { reason } of records) expect(reason).toMatch(/\S/);
  });
});

it('the score counts a timeout as killed, excludes equivalent mutants, and counts mutants that no test executes as not killed', () => {
  const outcomes = ['killed', 'timeout', 'survived', 'no coverage', 'equivalent', 'does not compile'];
  expect(countOutcomes(outcomes.map((outcome) => ({ outcome })))).toMatchObject({ sum: 4, score: 50 });
});

describe('the checks of a mutant', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'everywire-mutants-'));
    writeFileSync(join(folder, 'passes.mjs'), '');
    writeFileSync(join(folder, 'fails.mjs'), 'process.exit(1);');
    writeFileSync(join(folder, 'hangs.mjs'), 'for (;;);');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('stop at the first failure', async () => {
    const run = await runChecks(folder, ['passes.mjs', 'fails.mjs', 'hangs.mjs'], {
      patienceMs: 30_000,
      stopAtFailure: true,
    });
    expect(run).toMatchObject({ outcome: 'failed', by: 'fails.mjs' });
    expect(Object.keys(run.checks)).toEqual(['passes.mjs', 'fails.mjs']);
  });

  it('time out in an endless loop', async () => {
    const run = await runChecks(folder, ['hangs.mjs'], { patienceMs: 500, stopAtFailure: true });
    expect(run).toMatchObject({ outcome: 'timeout', by: 'hangs.mjs' });
  });
});
