import { expect, test } from 'vitest';
import { TokenBuckets } from './token-buckets.js';

test('gives the capacity at once and then one per refill', () => {
  const buckets = new TokenBuckets({ capacity: 2, refillMs: 100, keysMax: 10 });
  expect([buckets.spend('a', 0), buckets.spend('a', 0), buckets.spend('a', 0)]).toEqual([0, 0, 100]);
  expect(buckets.spend('a', 40)).toBe(60);
  expect(buckets.spend('a', 100)).toBe(0);
  expect(buckets.spend('a', 100)).toBe(100);
  // Saved up to the capacity, however long nothing was spent.
  expect([buckets.spend('a', 9_000), buckets.spend('a', 9_000), buckets.spend('a', 9_000)]).toEqual([0, 0, 100]);
});

test('gives back what was spent, up to the capacity', () => {
  const buckets = new TokenBuckets({ capacity: 2, refillMs: 100, keysMax: 10 });
  buckets.giveBack('a');
  buckets.spend('a', 0);
  buckets.giveBack('a');
  buckets.giveBack('a');
  expect([buckets.spend('a', 0), buckets.spend('a', 0), buckets.spend('a', 0)]).toEqual([0, 0, 100]);
});

test('keys do not spend from each other, and a clock that steps back gives nothing', () => {
  const buckets = new TokenBuckets({ capacity: 1, refillMs: 100, keysMax: 10 });
  expect([buckets.spend('a', 1_000), buckets.spend('b', 1_000)]).toEqual([0, 0]);
  expect(buckets.spend('a', 0)).toBe(100);
});

test('keys that got back what they spent make no other key forgotten', () => {
  const buckets = new TokenBuckets({ capacity: 1, refillMs: 100, keysMax: 2 });
  buckets.spend('a', 0);
  for (const key of ['b', 'c', 'd']) {
    buckets.spend(key, 0);
    buckets.giveBack(key);
  }
  expect(buckets.spend('a', 0)).toBe(100);
});

test('remembers a bounded number of keys and forgets the least recently used', () => {
  const buckets = new TokenBuckets({ capacity: 1, refillMs: 100, keysMax: 2 });
  buckets.spend('a', 0);
  buckets.spend('b', 0);
  buckets.spend('a', 0);
  buckets.spend('c', 0);
  expect(buckets.spend('a', 0)).toBe(100);
  expect(buckets.spend('b', 0)).toBe(0);
});
