import { describe, expect, it } from 'vitest';
import { exceededLimits, NO_SLOWER, quantile, summarizeRounds } from '../../bench/against/paired-ratios.mjs';

describe('quantile', () => {
  it.each([
    { numbers: [7], lower: 7, middle: 7, upper: 7 },
    { numbers: [2, 1], lower: 1.25, middle: 1.5, upper: 1.75 },
    { numbers: [5, 1, 4, 2, 3], lower: 2, middle: 3, upper: 4 },
    { numbers: [4, 1, 3, 2], lower: 1.75, middle: 2.5, upper: 3.25 },
    { numbers: [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], lower: 3.25, middle: 5.5, upper: 7.75 },
  ])('the quartiles and the median of $numbers are those of type 7', ({ numbers, lower, middle, upper }) => {
    expect([0.25, 0.5, 0.75].map((share) => quantile(numbers, share))).toEqual([lower, middle, upper]);
  });

  it('a quantile sorts by value, not by text, and does not modify its input', () => {
    const numbers = [10, 9, 100];
    expect(quantile(numbers, 0.5)).toBe(10);
    expect(numbers).toEqual([10, 9, 100]);
  });

  it('a quantile of no numbers throws', () => {
    expect(() => quantile([], 0.5)).toThrow('at least one number');
  });
});

describe('summarizeRounds', () => {
  it('the ratio is candidate / base of the same round', () => {
    const summary = summarizeRounds([
      { base: 10, candidate: 11 },
      { base: 20, candidate: 20 },
      { base: 40, candidate: 36 },
    ]);
    expect(summary).toEqual({
      ratios: [1.1, 1, 0.9],
      median: 1,
      lowerQuartile: 0.95,
      upperQuartile: 1.05,
      least: 0.9,
      most: 1.1,
      baseMedian: 20,
      candidateMedian: 20,
    });
  });

  it('drift that affects both sides of each round cancels out', () => {
    const rounds = [1, 2, 4, 8].map((pace) => ({ base: 10 * pace, candidate: 10 * pace }));
    expect(summarizeRounds(rounds)).toMatchObject({ least: 1, median: 1, most: 1 });
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('a figure of %s is refused', (figure) => {
    expect(() => summarizeRounds([{ base: 1, candidate: figure }])).toThrow('no ratio');
    expect(() => summarizeRounds([{ base: figure, candidate: 1 }])).toThrow('no ratio');
  });
});

describe('exceededLimits', () => {
  it('the limits are those that the project calls no slower', () => {
    expect(NO_SLOWER).toEqual({ median: 1.05, lowerQuartile: 1.03 });
  });

  it.each([
    { median: 1.05, lowerQuartile: 1.03, exceeded: [], what: 'a change exactly at both limits is no slower' },
    { median: 0.9, lowerQuartile: 0.8, exceeded: [], what: 'a faster change is no slower' },
    { median: 1.0501, lowerQuartile: 1.03, exceeded: ['median'], what: 'a median above 1.05 alone is slower' },
    {
      median: 1.05,
      lowerQuartile: 1.0301,
      exceeded: ['lowerQuartile'],
      what: 'a lower quartile above 1.03 alone is slower',
    },
    {
      median: 1.1,
      lowerQuartile: 1.08,
      exceeded: ['median', 'lowerQuartile'],
      what: 'both limits are named if both are exceeded',
    },
  ])('$what', ({ exceeded, median, lowerQuartile }) => {
    expect(exceededLimits({ median, lowerQuartile })).toEqual(exceeded);
  });

  it('rounds that each cost exactly 1.03 times as much are within the limit of the lower quartile', () => {
    const rounds = Array.from({ length: 10 }, () => ({ base: 100, candidate: 103 }));
    expect(exceededLimits(summarizeRounds(rounds))).toEqual([]);
  });
});
