import { expect, it } from 'vitest';
import { expectEqual, expectTime, Mismatch } from './mismatch.js';

// Tests how the conformance suite compares a value with the expected one. `took` is in milliseconds.

/** Returns the mismatch of the two values, or `null` if they are equal. */
function mismatchOf(seen: unknown, expected: unknown): Mismatch | null {
  try {
    expectEqual('the value', seen, expected);
    return null;
  } catch (error) {
    if (error instanceof Mismatch) return error;
    throw error;
  }
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, at) => `message ${at + 1}`);

it('a difference is found beyond the part of a long value that a report shows', () => {
  const swapped = [...numbered(60)];
  [swapped[50], swapped[51]] = [swapped[51] as string, swapped[50] as string];
  expect(mismatchOf(swapped, numbered(60))).not.toBeNull();
  expect(mismatchOf(`${'x'.repeat(5_000)}y`, `${'x'.repeat(5_000)}z`)).not.toBeNull();
  expect(mismatchOf(numbered(60), numbered(60))).toBeNull();
});

it('a report shows both values at their first difference', () => {
  const found = mismatchOf(`${'x'.repeat(5_000)}here`, `${'x'.repeat(5_000)}there`);
  expect([found?.seen, found?.expected]).toEqual([expect.stringContaining('here'), expect.stringContaining('there')]);
  expect(found?.seen.length).toBeLessThan(500);
});

it('a number differs from its digits as text, and undefined from the word “nothing”', () => {
  expect(mismatchOf('5', 5)).not.toBeNull();
  expect(mismatchOf('nothing', undefined)).not.toBeNull();
  expect(mismatchOf(undefined, undefined)).toBeNull();
  expect(mismatchOf(['a', { b: 1 }], ['a', { b: 1 }])).toBeNull();
});

it('a time may exceed its maximum by one second, but not fall below its minimum', () => {
  for (const took of [12_000, 15_000, 23_500]) expectTime(took, [12_000, 22_500]);
  for (const took of [11_999, 23_501, 60_000]) expect(() => expectTime(took, [12_000, 22_500])).toThrow(Mismatch);
});
