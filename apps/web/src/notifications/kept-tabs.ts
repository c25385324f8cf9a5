import type { Look, Tabs } from './tabs.js';

/** Milliseconds: how often a tab says that it is looked at, and for how long the others believe it. */
const times = { renew: 2_000, lease: 5_000 } as const;

/** So many conversations are remembered as notified of. */
const claimsMax = 50;

type Claims = readonly (readonly [conversation: number, activityAt: number])[];

/**
 * Without locks, by what tabs keep in `localStorage`: the first tab that claims a conversation notifies of it. Two tabs that claim it within the same
 * instant may both do so; the tag of the notification then leaves one of them.
 */
export function keptTabs(name: string, look: Look): Tabs {
  const lookName = `${name}.look`;
  let renewal: ReturnType<typeof setInterval> | null = null;
  let renewed = 0;
  const renew = (): void => {
    renewed = Date.now();
    keep(lookName, renewed);
  };
  const stop = (): void => {
    if (renewal === null) return;
    clearInterval(renewal);
    renewal = null;
    // Unless another tab, which is looked at now, has renewed it since.
    if (kept<number>(lookName, 0) === renewed) keep(lookName, 0);
  };
  const follow = (): void => {
    if (!look.now()) stop();
    else if (renewal === null) {
      renew();
      renewal = setInterval(renew, times.renew);
    }
  };
  const endWatching = look.watch(follow);
  follow();
  return {
    isLooked: async () => look.now() || Date.now() - kept<number>(lookName, 0) < times.lease,
    mayNotify: (conversation, activityAt) => {
      const claims = kept<Claims>(name, []);
      const claimed = claims.find(([id]) => id === conversation)?.[1] ?? 0;
      if (claimed >= activityAt) return false;
      const others = claims.filter(([id]) => id !== conversation).slice(1 - claimsMax);
      keep(name, [...others, [conversation, activityAt]]);
      return true;
    },
    close: () => {
      endWatching();
      stop();
    },
  };
}

function kept<Value extends number | Claims>(key: string, otherwise: Value): Value {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    const isSame = typeof value === typeof otherwise && Array.isArray(value) === Array.isArray(otherwise);
    return isSame ? (value as Value) : otherwise;
  } catch {
    return otherwise;
  }
}

function keep(key: string, value: number | Claims): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Without storage each tab notifies for itself.
  }
}
