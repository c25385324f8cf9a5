import { describe, expect, it } from 'vitest';
import { ruleOf } from '../../packages/conformance/src/check.js';
import type { CheckResult } from '../../packages/conformance/src/index.js';
import { misfitsOf } from '../mutation.js';
import { type Fault, faults } from './faults.js';
import { runSuite } from './run-suite.js';

const failed = (results: readonly CheckResult[]): readonly CheckResult[] =>
  results.filter(({ outcome }) => outcome === 'failed');

/** One fault of each kind that `npm test` tries: a message lost, an origin allowed, a frame that must fail. */
const quickRules = ['SN-2', 'TR-7', 'FR-1'];
const isQuick = ({ rule }: { readonly rule: string }): boolean => quickRules.includes(rule);

/**
 * Rules about heartbeats. They depend on the clock, and heartbeats are late while five servers run at the same time.
 * Therefore their violations are ignored, except for the fault of that rule.
 */
const clocked = ['SN-15'];

// In `npm test`, so that a change to a line that a fault quotes fails before the faults run.
it('every fault of the conformance suite fits the current source of the server', () => {
  expect(misfitsOf(faults)).toEqual([]);
});

// Nearly all of a run is waiting, so they run concurrently.
describe.concurrent('the conformance suite', { timeout: 120_000 }, () => {
  it('the conformance suite finds nothing wrong with our server, and skips no check', async () => {
    const results = await runSuite({ name: 'clean', patches: [] });
    expect(results.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
    expect(results.length).toBeGreaterThan(100);
  });

  const name = 'the suite detects that a server $name, only by $rule';
  it.each(faults.filter(isQuick))(name, detectsAlone);
  it.each(faults.filter((fault) => !isQuick(fault)))(name, { tags: ['wide'] }, detectsAlone);
});

/** Checks that the suite reports the broken rule of a fault, and no other. */
async function detectsAlone({ rule, also = [], ...fault }: Fault): Promise<void> {
  const results = failed(await runSuite(fault, 5_000));
  const rules = new Set(results.flatMap((result) => result.rules.map(ruleOf)));
  for (const other of [...also, ...clocked]) if (other !== rule) rules.delete(other);
  expect([...rules], JSON.stringify(results, null, 1)).toEqual([rule]);
}
