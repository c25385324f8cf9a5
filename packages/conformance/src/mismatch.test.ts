import { expect, it } from 'vitest';
import { expectEqual, expectTime, Mismatch } from './mismatch.js';

function mismatchOf(seen: unknown, expected: unknown): Mismatch | null {
  try {
    expectEqual('what came', seen, expected);
    return null;
  } catch (error) {
    if (error instanceof Mismatch) return error;
    throw error;
  }
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, at) => `message ${at + 1}`);

it('notices a difference behind the part of a long value that a report shows', () => {
  const swapped = [...numbered(60)];
  [swapped[50], swapped[51]] = [swapped[51] as string, swapped[50] as string];
  expect(mismatchOf(swapped, numbered(60))).not.toBeNull();
  expect(mismatchOf(`${'x'.repeat(5_000)}y`, `${'x'.repeat(5_000)}z`)).not.toBeNull();
  expect(mismatchOf(numbered(60), numbered(60))).toBeNull();
});

it('shows both values where they differ, however far behind that is', () => {
  const found = mismatchOf(`${'x'.repeat(5_000)}here`, `${'x'.repeat(5_000)}there`);
  expect([found?.seen, found?.expected]).toEqual([expect.stringContaining('here'), expect.stringContaining('there')]);
  expect(found?.seen.length).toBeLessThan(500);
});

it('tells a number from its digits as text, and nothing from the word for it', () => {
  expect(mismatchOf('5', 5)).not.toBeNull();
  expect(mismatchOf('nothing', undefined)).not.toBeNull();
  expect(mismatchOf(undefined, undefined)).toBeNull();
  expect(mismatchOf(['a', { b: 1 }], ['a', { b: 1 }])).toBeNull();
});

it('takes a time from its least to its most, and a second more on a busy machine', () => {
  for (const took of [12_000, 15_000, 23_500]) expectTime(took, [12_000, 22_500]);
  for (const took of [11_999, 23_501, 60_000]) expect(() => expectTime(took, [12_000, 22_500])).toThrow(Mismatch);
});
