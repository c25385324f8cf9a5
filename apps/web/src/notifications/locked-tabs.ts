import type { Look, Tabs } from './tabs.js';

/**
 * One tab holds the lock `name` and notifies; the browser passes the lock on when that tab is closed or crashes. Each tab that a person has in
 * front of them holds `name.look`, shared with others.
 */
export function lockedTabs(locks: LockManager, name: string, look: Look): Tabs {
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
    .catch(() => undefined); // This tab was closed before it got the lock.
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
    isLooked: async () => {
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
