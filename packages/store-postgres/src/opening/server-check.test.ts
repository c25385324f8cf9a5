import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Queries } from '../database/database.js';
import { createServerCheck } from './server-check.js';

const lookMs = 60_000;
/** The response time of the database, ms. */
const slowMs = 5_000;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Runs one check per row; returns the reported events. */
async function eventsOf(
  looks: readonly { readonly aheadMs?: number; readonly oldest?: number; readonly next?: number }[],
): Promise<readonly unknown[]> {
  let look = looks[0];
  const query = async () => {
    await new Promise((resolve) => setTimeout(resolve, slowMs));
    return [{ time: Date.now(), oldest: `${look?.oldest ?? 0}`, next: `${look?.next ?? 0}` }];
  };
  const events: unknown[] = [];
  const check = createServerCheck({
    database: { query } as unknown as Queries,
    lookMs,
    apartMs: 2_000,
    now: () => Date.now() + (look?.aheadMs ?? 0),
    onClockApart: (ahead) => events.push(ahead),
    onTransactionHeld: (isHeld) => events.push(isHeld),
  });
  for (look of looks) await vi.advanceTimersByTimeAsync(slowMs + lookMs);
  await check.close();
  return events;
}

it('the server check reports once that the clocks differ, however slow the database is, and once that they agree again', async () => {
  // A measured lead of seven seconds may be one of only two when the query took five.
  const clocks = [0, 6_900, 60_000, 60_000, 0, -2_100, -2_100, 0];
  expect(await eventsOf(clocks.map((aheadMs) => ({ aheadMs })))).toEqual([60_000 - slowMs, null, -2_100, null]);
});

it('[CH-14.2] the server check reports a transaction that was running at the previous check and still is', async () => {
  const running = [
    { oldest: 10, next: 14 },
    { oldest: 14, next: 20 },
    { oldest: 19, next: 30 },
    { oldest: 19, next: 40 },
    { oldest: 41, next: 45 },
  ];
  expect(await eventsOf(running)).toEqual([true, false]);
});
