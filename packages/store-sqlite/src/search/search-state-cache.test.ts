import { expect, it } from 'vitest';
import { SearchStateCache, type Standing } from './search-state-cache.js';

function standing(size: number): Standing {
  const trails = Array.from({ length: size - 1 }, (_, sequence) => ({ sentAt: 1, conversation: 1, sequence }));
  return { trails, found: [] };
}

it('a cached state can be read repeatedly', () => {
  const kept = new SearchStateCache(10);
  const one = standing(3);
  expect(kept.keep('b', one, 'a')).toBe(true);
  expect([kept.find('b'), kept.find('b'), kept.find('a')]).toEqual([one, one, null]);
});

it('the previous state of a search is dropped once it continues', () => {
  const kept = new SearchStateCache(10);
  kept.keep('b', standing(2), 'a');
  kept.find('b');
  kept.keep('c', standing(2), 'b');
  expect(kept.find('b')).not.toBeNull();
  kept.find('c');
  expect(kept.find('b')).toBeNull();
});

it('the cache refuses a state if all were just used, and evicts the one used longest ago', () => {
  const kept = new SearchStateCache(10);
  expect(kept.keep('large', standing(11), '')).toBe(false);
  kept.keep('first', standing(5), '');
  kept.keep('second', standing(5), '');
  expect(kept.keep('third', standing(5), '')).toBe(false);
  for (let call = 0; call < 40; call += 1) kept.find('second');
  expect(kept.keep('third', standing(5), '')).toBe(true);
  expect([kept.find('first'), kept.find('second') === null]).toEqual([null, false]);
});
