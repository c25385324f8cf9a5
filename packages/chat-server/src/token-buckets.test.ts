import { expect, test } from 'vitest';
import { TokenBuckets } from './token-buckets.js';

// Tests `TokenBuckets`, rate limits by key. `spend` returns how many milliseconds to wait, 0 if a token was spent.

test('TokenBuckets gives the capacity in a burst and then one per refill', () => {
  const buckets = new TokenBuckets({ capacity: 2, refillMs: 100, keysMax: 10 });
  expect([buckets.spend('a', 0), buckets.spend('a', 0), buckets.spend('a', 0)]).toEqual([0, 0, 100]);
  expect(buckets.spend('a', 40)).toBe(60);
  expect(buckets.spend('a', 100)).toBe(0);
  expect(buckets.spend('a', 100)).toBe(100);
  // At most the capacity is saved up, however long nothing was spent.
  expect([buckets.spend('a', 9_000), buckets.spend('a', 9_000), buckets.spend('a', 9_000)]).toEqual([0, 0, 100]);
});

test('TokenBuckets takes back what was spent, up to the capacity', () => {
  const buckets = new TokenBuckets({ capacity: 2, refillMs: 100, keysMax: 10 });
  buckets.giveBack('a');
  buckets.spend('a', 0);
  buckets.giveBack('a');
  buckets.giveBack('a');
  expect([buckets.spend('a', 0), buckets.spend('a', 0), buckets.spend('a', 0)]).toEqual([0, 0, 100]);
});

test('keys do not spend from each other, and a clock that steps back refills nothing', () => {
  const buckets = new TokenBuckets({ capacity: 1, refillMs: 100, keysMax: 10 });
  expect([buckets.spend('a', 1_000), buckets.spend('b', 1_000)]).toEqual([0, 0]);
  expect(buckets.spend('a', 0)).toBe(100);
});

test('keys that got everything back evict no other key', () => {
  const buckets = new TokenBuckets({ capacity: 1, refillMs: 100, keysMax: 2 });
  buckets.spend('a', 0);
  for (const key of ['b', 'c', 'd']) {
    buckets.spend(key, 0);
    buckets.giveBack(key);
  }
  expect(buckets.spend('a', 0)).toBe(100);
});

test('TokenBuckets keeps a bounded number of keys and evicts the least recently used', () => {
  const buckets = new TokenBuckets({ capacity: 1, refillMs: 100, keysMax: 2 });
  buckets.spend('a', 0);
  buckets.spend('b', 0);
  buckets.spend('a', 0);
  buckets.spend('c', 0);
  expect(buckets.spend('a', 0)).toBe(100);
  expect(buckets.spend('b', 0)).toBe(0);
});
