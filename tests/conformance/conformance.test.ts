import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../packages/conformance/src/index.js';
import { faults } from './faults.js';
import { runSuite } from './run-suite.js';

const failed = (results: readonly CheckResult[]): readonly CheckResult[] =>
  results.filter(({ outcome }) => outcome === 'failed');

// Nearly all of a run is waiting, so they wait together.
describe.concurrent('the conformance suite', { timeout: 120_000 }, () => {
  it('finds nothing wrong with our server, and leaves nothing out', async () => {
    const results = await runSuite('clean', []);
    expect(results.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
    expect(results.length).toBeGreaterThan(100);
  });

  it.each(faults)('finds that a server $name, by $rule alone', async ({ name, rule, also = [], patches }) => {
    const results = failed(await runSuite(name, patches, 5_000));
    const rules = new Set(results.flatMap((result) => result.rules));
    for (const other of also) rules.delete(other);
    expect([...rules], JSON.stringify(results, null, 1)).toEqual([rule]);
  });
});
