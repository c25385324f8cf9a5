import { chatLimits } from '@everywire/chat';
import { MemoryAccounts, MemoryStore } from '@everywire/store-memory';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AccountErasure } from './account-erasure.js';
import { BrokenInvariants } from './broken-invariants.js';
import { defaultLimits } from './limits.js';
import { silentLog } from './logger.js';

// Tests when `AccountErasure` erases deleted accounts. `tests/chat-server/offboarding.test.ts` tests what is erased.

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Registers two people, and returns the erasure of one node. `sweepFiles` is a step of each erasure. */
async function start(sweepFiles: () => Promise<void> = async () => undefined) {
  const accounts = new MemoryAccounts();
  const ids: number[] = [];
  for (const name of ['ann', 'bob']) {
    const user = await accounts.createUser({
      name,
      displayName: name,
      passwordHash: null,
      role: 'member',
      createdAt: 0,
    });
    ids.push(user?.id ?? 0);
  }
  const erasure = new AccountErasure({
    dependencies: {
      store: new MemoryStore({ epoch: '0123456789abcdef' }),
      accounts,
      hints: { announce: () => undefined },
      limits: chatLimits,
      wallNow: () => 0,
      newMessageId: () => '0123456789abcdef',
    },
    limits: defaultLimits,
    sweepFiles,
    log: silentLog,
    broken: new BrokenInvariants(silentLog),
  });
  return { accounts, erasure, ann: ids[0] ?? 0, bob: ids[1] ?? 0 };
}

test('an account that is deleted during the erasure of another is erased without a restart', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { accounts, erasure, ann, bob } = await start(() => held);
  await accounts.deleteUser(ann, 'keep', 0);
  erasure.wake();
  await vi.advanceTimersByTimeAsync(1);
  await accounts.deleteUser(bob, 'keep', 0);
  erasure.wake();
  release();
  await vi.advanceTimersByTimeAsync(1);
  expect(await accounts.erasures()).toEqual([]);
  await erasure.close();
});

test('an erasure that another node left unfinished is resumed within an hour, at each time', async () => {
  const { accounts, erasure, ann, bob } = await start();
  erasure.wake();
  for (const user of [ann, bob]) {
    await accounts.deleteUser(user, 'keep', 0);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(await accounts.erasures()).toEqual([]);
  }
  await erasure.close();
  expect(vi.getTimerCount()).toBe(0);
});
