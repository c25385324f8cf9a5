import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as old from './engine.js';

// Tests the replacements for parts of the language that the browsers of the legacy build do not have.

/** A change of the set: at step `at`, adds the key or, if `drop`, deletes it. */
interface Act {
  readonly at: number;
  readonly key: number;
  readonly drop: boolean;
}

/** Iterates by `next` and applies the due changes to the set at each step. */
function walk(acts: readonly Act[], set: Set<number>, next: () => unknown): unknown[] {
  const seen: unknown[] = [];
  for (let step = next(); step !== undefined && seen.length < 40; step = next()) {
    for (const { key, drop } of acts.filter(({ at }) => at === seen.length)) {
      if (drop) set.delete(key);
      else set.add(key);
    }
    seen.push(step);
  }
  return seen;
}

describe('what stands in for a later engine', () => {
  it('the replacement of maps and sets iterates like the real ones while entries change', () => {
    const act = fc.record({ at: fc.nat(9), key: fc.nat(9), drop: fc.boolean() });
    fc.assert(
      fc.property(fc.array(fc.nat(9)), fc.array(act), (items, acts) => {
        const real = new Set(items);
        const values = real.values();
        const mine = new old.OldMap();
        for (const item of items) mine.add(item);
        const step = old.iterate(mine);
        expect(walk(acts, mine as unknown as Set<number>, () => step()?.[0])).toEqual(
          walk(acts, real, () => values.next().value),
        );
        expect([mine.size, old.list(mine)]).toEqual([real.size, [...real]]);
      }),
    );
  });

  it('the replacement of maps keeps pairs', () => {
    const map = new old.OldMap().set('a', 1).set('b', 2).set('a', 3);
    expect(old.list(map)).toEqual([
      ['a', 3],
      ['b', 2],
    ]);
    expect([map.get('a'), map.get('c'), map.has('b'), map.delete('b'), map.delete('b'), map.size]).toEqual([
      3,
      undefined,
      true,
      true,
      false,
      1,
    ]);
    map.clear();
    expect([map.size, old.list(map)]).toEqual([0, []]);
  });

  it('[SN-5.13] the replacement of Math.imul multiplies like the original', () => {
    fc.assert(fc.property(fc.integer(), fc.integer(), (a, b) => old.imul(a, b) === Math.imul(a, b)));
    expect(old.imul(-1, 31)).toBe(-31);
  });

  it('the replacement of Number.isSafeInteger recognises whole numbers', () => {
    for (const value of [0, -1, 2 ** 53 - 1, 2 ** 53, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '1', null])
      expect(old.isSafeInteger(value)).toBe(Number.isSafeInteger(value));
  });

  it('the replacements of later methods work like the originals', () => {
    const items = [3, 1, 2];
    const even = (item: unknown): boolean => (item as number) % 2 === 0;
    expect(old.map(items, (item) => (item as number) * 2)).toEqual([6, 2, 4]);
    expect([old.find(items, even), old.findIndex(items, even), old.some(items, even), old.every(items, even)]).toEqual([
      2,
      2,
      true,
      false,
    ]);
    expect([old.filter(items, even), old.indexOf(items, 1), old.indexOf('abc', 'c'), old.indexOf(items, 9)]).toEqual([
      [2],
      1,
      2,
      -1,
    ]);
    expect([old.includes(items, 1), old.includes('abc', 'bc'), old.includes('abc', 'x')]).toEqual([true, true, false]);
    expect([old.startsWith('abc', 'ab'), old.endsWith('abc', 'bc'), old.endsWith('c', 'bc')]).toEqual([
      true,
      true,
      false,
    ]);
    expect([old.repeat('ab', 3), old.fill([1, 2], 0)]).toEqual(['ababab', [0, 0]]);
    expect(old.assign({ a: 1 }, null, { b: 2 }, undefined)).toEqual({ a: 1, b: 2 });
  });
});
