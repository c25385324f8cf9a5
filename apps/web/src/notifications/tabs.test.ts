// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeLocks } from '../test-kit/fake-locks.js';
import { forbidStorage } from '../test-kit/forbid-storage.js';
import { keptTabs } from './kept-tabs.js';
import { lockedTabs } from './locked-tabs.js';
import { type Look, openTabs, type Tabs } from './tabs.js';

/** A tab that a person has in front of them, or not. */
class FakeLook implements Look {
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

/** Until locks that were given back are free. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

async function looked(...tabs: readonly Tabs[]): Promise<readonly boolean[]> {
  await settled();
  return Promise.all(tabs.map((one) => one.isLooked()));
}

/** Two tabs of one account. */
function two(open: (look: Look) => Tabs) {
  const looks = [new FakeLook(), new FakeLook()] as const;
  const [first, second] = [open(looks[0]), open(looks[1])];
  opened.push(first, second);
  return { looks, first, second };
}

describe.each([
  ['locks', () => (locks: FakeLocks) => (look: Look) => lockedTabs(locks, 'notifier', look)],
  ['storage', () => () => (look: Look) => keptTabs('notifier', look)],
] as const)('with %s', (_name, make) => {
  const start = () => two(make()(new FakeLocks()));

  test('[item 28] of two tabs exactly one notifies of the same message', async () => {
    const { first, second } = start();
    await settled();
    expect([first.mayNotify(1, 50), second.mayNotify(1, 50)].filter(Boolean)).toHaveLength(1);
    expect([second.mayNotify(1, 51), first.mayNotify(1, 51)].filter(Boolean)).toHaveLength(1);
  });

  test('a tab that is looked at is known to all tabs, until it is left', async () => {
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

  test('a tab that is looked at and closed is looked at no more', async () => {
    const { looks, first, second } = start();
    looks[1].set(true);
    second.close();
    expect(await looked(first)).toEqual([false]);
  });

  test('[item 28] when the tab that notifies is closed another one does', async () => {
    const { first, second } = start();
    await settled();
    expect(first.mayNotify(1, 50)).toBe(true);
    first.close();
    await settled();
    expect(second.mayNotify(1, 51)).toBe(true);
  });
});

test('with locks a tab that was closed before its turn never notifies', async () => {
  const locks = new FakeLocks();
  const { first, second } = two((look) => lockedTabs(locks, 'notifier', look));
  second.close();
  first.close();
  await settled();
  expect(second.mayNotify(1, 50)).toBe(false);
  expect((await locks.query()).held).toEqual([]);
});

test('with storage a tab that crashed while it was looked at is believed for five seconds', async () => {
  const { looks, first } = two((look) => keptTabs('notifier', look));
  const second = new FakeLook();
  localStorage.setItem('notifier.look', String(Date.now()));
  expect(await first.isLooked()).toBe(true);
  vi.advanceTimersByTime(5_000);
  expect(await first.isLooked()).toBe(false);
  looks[1].set(true);
  vi.advanceTimersByTime(60_000);
  expect([await first.isLooked(), second.now()]).toEqual([true, false]);
});

test('with storage what is kept and makes no sense counts as nothing', async () => {
  localStorage.setItem('notifier', '{"1":2}');
  localStorage.setItem('notifier.look', '[');
  const { first } = two((look) => keptTabs('notifier', look));
  expect([await first.isLooked(), first.mayNotify(1, 50)]).toEqual([false, true]);
});

test('without storage and locks each tab notifies for itself', async () => {
  forbidStorage();
  const { first, second } = two((look) => keptTabs('notifier', look));
  expect([first.mayNotify(1, 50), second.mayNotify(1, 50), await first.isLooked()]).toEqual([true, true, false]);
});

test('tabs use locks where the browser has them, by account, and storage elsewhere', async () => {
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
