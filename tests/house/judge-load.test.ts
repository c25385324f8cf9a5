import { describe, expect, it } from 'vitest';
import { judgeLoad } from '../../bench/against/judge-load.mjs';

// A benchmark compares a candidate with a base. It judges each figure of a load by the ratios of several rounds.

const cpu = { key: 'cpu_us', unit: 'us' };
const memory = { key: 'bytes', unit: 'bytes' };

/** Returns ten rounds in which the candidate has the given multiples of the base's figures. */
function rounds(ratios: { cpu_us: number; bytes: number }) {
  return Array.from({ length: 10 }, () => ({
    base: { errors: 0, cpu_us: 100, bytes: 1_000, foreign_pct: 1 },
    candidate: { errors: 0, cpu_us: 100 * ratios.cpu_us, bytes: 1_000 * ratios.bytes, foreign_pct: 4 },
  }));
}

describe('judgeLoad', () => {
  it('a load is no slower when none of its figures exceeds a limit', () => {
    const judged = judgeLoad({ figures: [cpu, memory], cells: rounds({ cpu_us: 1.02, bytes: 0.9 }) });
    expect(judged.verdict).toBe('no slower');
    expect(judged.figures.map(({ key, median }) => [key, median])).toEqual([
      ['cpu_us', 1.02],
      ['bytes', 0.9],
    ]);
  });

  it('a load is slower when one of its figures exceeds a limit, regardless of the others', () => {
    const judged = judgeLoad({ figures: [cpu, memory], cells: rounds({ cpu_us: 0.5, bytes: 1.1 }) });
    expect(judged.verdict).toBe('slower');
    expect(judged.figures.map(({ exceeded }) => exceeded)).toEqual([[], ['median', 'lowerQuartile']]);
  });

  it('a load with a failure is never judged by its earlier rounds', () => {
    const failure = 'candidate, round 11: 1 errors';
    const judged = judgeLoad({ figures: [cpu], cells: rounds({ cpu_us: 0.5, bytes: 1 }), failure });
    expect(judged).toMatchObject({ verdict: 'failed', failure, figures: [] });
  });

  it('the foreign share is computed over both sides, and is unknown without rounds', () => {
    const cells = rounds({ cpu_us: 1, bytes: 1 });
    expect(judgeLoad({ figures: [cpu], cells }).foreign).toEqual({ median: 2.5, most: 4, disturbed: false });
    expect(judgeLoad({ figures: [cpu], cells: [], failure: 'base, round 1: 2 errors' }).foreign).toBeNull();
  });

  it.each([
    { share: 5, disturbed: false },
    { share: 5.1, disturbed: true },
  ])('rounds with a foreign share of $share % count as disturbed: $disturbed', ({ share, disturbed }) => {
    const side = { errors: 0, cpu_us: 1, foreign_pct: share };
    expect(judgeLoad({ figures: [cpu], cells: [{ base: side, candidate: side }] }).foreign?.disturbed).toBe(disturbed);
  });
});
