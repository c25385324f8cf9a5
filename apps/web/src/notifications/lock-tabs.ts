import type { PageAttention, Tabs } from './tabs.js';

/**
 * Coordinates tabs through the Web Locks API. The tab that holds the lock `name` notifies; the browser passes the lock on when that tab
 * closes or crashes. Each tab in front holds the shared lock `name.look`.
 */
export function lockTabs(locks: LockManager, name: string, look: PageAttention): Tabs {
  const lookName = `${name}.look`;
  const waiting = new AbortController();
  let leads = false;
  let stopLeading = (): void => undefined;
  let stopLooking: (() => void) | null = null;
  const leading = new Promise<void>((resolve) => {
    stopLeading = resolve;
  });
  locks
    .request(name, { signal: waiting.signal }, () => {
      leads = true;
      return leading;
    })
    .catch(() => undefined); // The tab was closed before it got the lock.
  const follow = (): void => {
    if (look.now() === (stopLooking !== null)) return;
    if (stopLooking !== null) {
      stopLooking();
      stopLooking = null;
      return;
    }
    const looking = new Promise<void>((resolve) => {
      stopLooking = resolve;
    });
    locks.request(lookName, { mode: 'shared' }, () => looking).catch(() => undefined);
  };
  const endWatching = look.watch(follow);
  follow();
  return {
    isAnyInFront: async () => {
      if (look.now()) return true;
      const { held = [] } = await locks.query();
      return held.some((lock) => lock.name === lookName);
    },
    mayNotify: () => leads,
    close: () => {
      endWatching();
      leads = false;
      waiting.abort();
      stopLeading();
      stopLooking?.();
    },
  };
}
