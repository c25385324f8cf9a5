import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ChatFailure } from './chat-failure.js';
import { searchUntilEnough } from './search-asking-on.js';

// Tests `searchUntilEnough`: a server answers a search in parts, and the client continues until it has enough hits
// (20).

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A server with this many hits, `each` of them in an answer. */
function serverOf(count: number, each: number) {
  return vi.fn(async (from: number | null) => {
    const first = from ?? 0;
    const hits = Array.from({ length: Math.min(each, count - first) }, (_, index) => first + index);
    return { hits, next: first + each < count ? first + each : null };
  });
}

it.each([
  ['enough was found', 100, 10, 2],
  ['nothing is left', 15, 10, 2],
])('a search continues until %s', async (_, count, each, requests) => {
  const ask = serverOf(count, each);
  const { hits, next } = await searchUntilEnough({ from: null, ask, signal: undefined });
  expect([ask.mock.calls.length, hits.length]).toEqual([requests, Math.min(20, count)]);
  expect(next).toBe(count > 20 ? 20 : null);
});

it('a throttled search waits a second and keeps its results', async () => {
  const ask = serverOf(12, 10);
  const found = searchUntilEnough({ from: null, ask, signal: undefined });
  ask.mockRejectedValueOnce(new ChatFailure('rate_limited', true));
  await vi.advanceTimersByTimeAsync(999);
  expect(ask).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(1);
  expect((await found).hits).toHaveLength(12);
});

it('a search fails with any other refusal', async () => {
  const ask = serverOf(12, 10);
  const found = searchUntilEnough({ from: null, ask, signal: undefined });
  ask.mockRejectedValueOnce(new ChatFailure('unauthenticated', false));
  await expect(found).rejects.toMatchObject({ code: 'unauthenticated' });
});
