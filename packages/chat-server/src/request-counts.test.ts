import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createHttpApp } from './http-app.js';
import { defaultLimits } from './limits.js';
import { silentLog } from './logger.js';
import { RequestCounts } from './request-counts.js';

// Tests `RequestCounts`, the counts of requests for each address within a minute. The limit here is 2 requests.

const day = 86_400_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.UTC(2026, 10, 21) }));
afterEach(() => void vi.useRealTimers());

/** Starts a server. `ask` and `head` send a GET and a HEAD and return the status. */
async function open(): Promise<{
  readonly ask: (path?: string) => Promise<number>;
  readonly head: (path: string) => Promise<number>;
  readonly close: () => Promise<void>;
}> {
  const limits = { ...defaultLimits, restRequestsPerMinute: 2, attemptKeysMax: 3 };
  const app = await createHttpApp({
    limits,
    log: silentLog,
    trustedProxies: [],
    lasting: { follow: () => undefined },
    tls: null,
  });
  for (const path of ['/one', '/two']) app.get(path, { config: { rateLimit: { groupId: 'rest' } } }, async () => ({}));
  app.get('/other', { config: { rateLimit: { groupId: 'other' } } }, async () => ({}));
  const ask = async (path = '/one'): Promise<number> => (await app.inject(path)).statusCode;
  const head = async (url: string): Promise<number> => (await app.inject({ method: 'HEAD', url })).statusCode;
  return { ask, head, close: () => app.close() };
}

test('an address may send requests again after a minute', async () => {
  const { ask, close } = await open();
  expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429]);
  vi.advanceTimersByTime(59_999);
  expect(await ask()).toBe(429);
  vi.advanceTimersByTime(1);
  expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429]);
  await close();
});

test('an address may send requests again after a minute even if the clock was set back by 30 days', async () => {
  const { ask, close } = await open();
  expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429]);
  vi.setSystemTime(Date.now() - 30 * day);
  vi.advanceTimersByTime(60_000);
  expect(await ask()).toBe(200);
  await close();
});

test('the routes of a group share its counts, including HEAD routes that the framework adds', async () => {
  const { ask, head, close } = await open();
  expect([await ask('/one'), await ask('/two'), await ask('/one'), await ask('/two'), await head('/one')]).toEqual([
    ...[200, 200, 429, 429, 429],
  ]);
  expect([await ask('/other'), await head('/other'), await ask('/other')]).toEqual([200, 200, 429]);
  await close();
});

test('a full table of counts evicts the least recently used key', () => {
  const counts = new RequestCounts({ cache: 2 });
  const ask = (key: string): number => {
    let current = 0;
    counts.incr(
      key,
      (_error, result) => {
        current = result.current;
      },
      60_000,
    );
    return current;
  };
  expect(['a', 'b', 'a', 'c', 'a', 'b'].map(ask)).toEqual([1, 1, 2, 1, 3, 1]);
});
