import { expect, it } from 'vitest';
import { SearchStateCache, type Standing } from './search-state-cache.js';

// Tests `SearchStateCache`, which keeps the state of a search between its parts, so that the next part continues where
// the last one ended.

/** A state of this size. */
function standing(size: number): Standing {
  const trails = Array.from({ length: size - 1 }, (_, sequence) => ({ sentAt: 1, conversation: 1, sequence }));
  return { trails, found: [] };
}

it('a cached state can be read repeatedly', () => {
  const cache = new SearchStateCache(10);
  const state = standing(3);
  expect(cache.keep('b', state, 'a')).toBe(true);
  expect([cache.find('b'), cache.find('b'), cache.find('a')]).toEqual([state, state, null]);
});

it('the previous state of a search is dropped once it continues', () => {
  const cache = new SearchStateCache(10);
  cache.keep('b', standing(2), 'a');
  cache.find('b');
  cache.keep('c', standing(2), 'b');
  expect(cache.find('b')).not.toBeNull();
  cache.find('c');
  expect(cache.find('b')).toBeNull();
});

it('the cache refuses a state if all were just used, and evicts the one used longest ago', () => {
  const cache = new SearchStateCache(10);
  expect(cache.keep('large', standing(11), '')).toBe(false);
  cache.keep('first', standing(5), '');
  cache.keep('second', standing(5), '');
  expect(cache.keep('third', standing(5), '')).toBe(false);
  for (let call = 0; call < 40; call += 1) cache.find('second');
  expect(cache.keep('third', standing(5), '')).toBe(true);
  expect([cache.find('first'), cache.find('second') === null]).toEqual([null, false]);
});
