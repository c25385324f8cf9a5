import { expect, it } from 'vitest';
import { judgeLoad } from '../../bench/against/judge-load.mjs';
import { loadLines, verdictLine } from '../../bench/against/report.mjs';

// A benchmark compares a candidate with a base, under several loads. A load has several rounds.

/** Returns the judgement of a load. In each round, the candidate needs `ratio` times as much time as the base. */
function judged(load: string, ratios: readonly number[], { foreign = 1, failure = '' } = {}) {
  const cells = ratios.map((ratio) => ({
    base: { errors: 0, cpu_us: 10, foreign_pct: foreign },
    candidate: { errors: 0, cpu_us: 10 * ratio, foreign_pct: foreign },
  }));
  const figures = [{ key: 'cpu_us', unit: 'us a delivery' }];
  return { load, ...judgeLoad({ figures, cells, ...(failure === '' ? {} : { failure }) }) };
}

const slower = judged('w2pp', [1.2, 1.08, 1.1, 1.12, 1.04]);
const noSlower = judged('w1r50', [1, 1.01, 0.99, 1.02, 0.98]);
const failed = judged('w5b20', [], { failure: 'candidate, round 1: 3 errors' });

it('the report of a slower load has both medians, the ratios, the exceeded limits, and the noise', () => {
  expect(loadLines(slower)).toEqual([
    '  us a delivery: base 10, candidate 11',
    '    median 1.100  quartiles 1.080 to 1.120  spread 1.040 to 1.200  above the limit: median, lower quartile',
    '  errors 0, foreign 1 % (at most 1 %)',
    '  SLOWER',
  ]);
});

it('the report of a failed load has its reason and no ratios', () => {
  expect(loadLines(failed)).toEqual(['  FAILED  candidate, round 1: 3 errors']);
});

it.each([
  { results: [noSlower], line: 'no slower: w1r50' },
  { results: [noSlower, slower], line: 'SLOWER: w2pp' },
  { results: [noSlower, failed], line: 'FAILED: w5b20' },
  { results: [slower, failed], line: 'SLOWER: w2pp; FAILED: w5b20' },
  {
    results: [judged('w1r50', [1], { foreign: 60 })],
    line: 'no slower: w1r50; disturbed by other programs, repeat: w1r50',
  },
])('the last line of a run is "$line"', ({ results, line }) => {
  expect(verdictLine(results)).toBe(line);
});
