// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeLocks } from '../test-kit/fake-locks.js';
import { forbidStorage } from '../test-kit/forbid-storage.js';
import { lockTabs } from './lock-tabs.js';
import { storageTabs } from './storage-tabs.js';
import { openTabs, type PageAttention, type Tabs } from './tabs.js';

/** A fake page that is in front or not. */
class FakeLook implements PageAttention {
  #looking = false;
  readonly #listeners = new Set<() => void>();

  now = (): boolean => this.#looking;

  watch = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  set(looking: boolean): void {
    this.#looking = looking;
    for (const listener of this.#listeners) listener();
  }
}

const opened: Tabs[] = [];

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'], now: 1_000_000 });
});
afterEach(() => {
  for (const tabs of opened.splice(0)) tabs.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Waits until released locks are free. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Returns for each tab whether it knows that some tab is in front. */
async function looked(...tabs: readonly Tabs[]): Promise<readonly boolean[]> {
  await settled();
  return Promise.all(tabs.map((one) => one.isAnyInFront()));
}

/** Creates two tabs of one account. */
function two(open: (look: PageAttention) => Tabs) {
  const looks = [new FakeLook(), new FakeLook()] as const;
  const [first, second] = [open(looks[0]), open(looks[1])];
  opened.push(first, second);
  return { looks, first, second };
}

describe.each([
  ['locks', () => (locks: FakeLocks) => (look: PageAttention) => lockTabs(locks, 'notifier', look)],
  ['storage', () => () => (look: PageAttention) => storageTabs('notifier', look)],
] as const)('with %s', (_name, make) => {
  const start = () => two(make()(new FakeLocks()));

  test('[item 28] exactly one of two tabs notifies of a message', async () => {
    const { first, second } = start();
    await settled();
    expect([first.mayNotify(1, 50), second.mayNotify(1, 50)].filter(Boolean)).toHaveLength(1);
    expect([second.mayNotify(1, 51), first.mayNotify(1, 51)].filter(Boolean)).toHaveLength(1);
  });

  test('all tabs know that a tab is in front, until it is left', async () => {
    const { looks, first, second } = start();
    expect(await looked(first, second)).toEqual([false, false]);
    looks[1].set(true);
    expect(await looked(first, second)).toEqual([true, true]);
    vi.advanceTimersByTime(1);
    looks[0].set(true);
    looks[1].set(false);
    expect(await looked(first, second)).toEqual([true, true]);
    looks[0].set(false);
    expect(await looked(first, second)).toEqual([false, false]);
  });

  test('a closed tab does not count as in front', async () => {
    const { looks, first, second } = start();
    looks[1].set(true);
    second.close();
    expect(await looked(first)).toEqual([false]);
  });

  test('[item 28] another tab notifies after the notifying one is closed', async () => {
    const { first, second } = start();
    await settled();
    expect(first.mayNotify(1, 50)).toBe(true);
    first.close();
    await settled();
    expect(second.mayNotify(1, 51)).toBe(true);
  });
});

test('with locks, a tab closed before it got the lock never notifies', async () => {
  const locks = new FakeLocks();
  const { first, second } = two((look) => lockTabs(locks, 'notifier', look));
  second.close();
  first.close();
  await settled();
  expect(second.mayNotify(1, 50)).toBe(false);
  expect((await locks.query()).held).toEqual([]);
});

test('with storage, a crashed tab counts as in front for five seconds', async () => {
  const { looks, first } = two((look) => storageTabs('notifier', look));
  const second = new FakeLook();
  localStorage.setItem('notifier.look', String(Date.now()));
  expect(await first.isAnyInFront()).toBe(true);
  vi.advanceTimersByTime(5_000);
  expect(await first.isAnyInFront()).toBe(false);
  looks[1].set(true);
  vi.advanceTimersByTime(60_000);
  expect([await first.isAnyInFront(), second.now()]).toEqual([true, false]);
});

test('with storage, invalid stored values are ignored', async () => {
  localStorage.setItem('notifier', '{"1":2}');
  localStorage.setItem('notifier.look', '[');
  const { first } = two((look) => storageTabs('notifier', look));
  expect([await first.isAnyInFront(), first.mayNotify(1, 50)]).toEqual([false, true]);
});

test('without storage and locks each tab notifies by itself', async () => {
  forbidStorage();
  const { first, second } = two((look) => storageTabs('notifier', look));
  expect([first.mayNotify(1, 50), second.mayNotify(1, 50), await first.isAnyInFront()]).toEqual([true, true, false]);
});

test('tabs use locks per account if the browser has them, otherwise storage', async () => {
  const locks = new FakeLocks();
  vi.stubGlobal('navigator', { locks });
  opened.push(openTabs(5, new FakeLook()));
  expect((await locks.query()).held?.map(({ name }) => name)).toEqual(['everywire.notifier.5']);
  vi.stubGlobal('navigator', {});
  const kept = openTabs(5, new FakeLook());
  opened.push(kept);
  expect(kept.mayNotify(1, 50)).toBe(true);
  expect(localStorage.getItem('everywire.notifier.5')).toBe('[[1,50]]');
});
