import type { PageAttention, Tabs } from './tabs.js';

/** In milliseconds: how often a tab renews its claim to be in front, and how long other tabs trust it. */
const times = { renew: 2_000, lease: 5_000 } as const;

/** The maximum number of conversations remembered as already notified. */
const CLAIMS_MAX = 50;

type Claims = readonly (readonly [conversation: number, activityAt: number])[];

/**
 * Coordinates tabs through `localStorage`, for browsers without locks: the first tab that claims a conversation notifies. Two tabs that
 * claim it at the same instant may both notify; the notification's tag then merges them.
 */
export function storageTabs(name: string, look: PageAttention): Tabs {
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
    // Keeps the claim of another tab that is in front now and has renewed it since.
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
    isAnyInFront: async () => look.now() || Date.now() - kept<number>(lookName, 0) < times.lease,
    mayNotify: (conversation, activityAt) => {
      const claims = kept<Claims>(name, []);
      const claimed = claims.find(([id]) => id === conversation)?.[1] ?? 0;
      if (claimed >= activityAt) return false;
      const others = claims.filter(([id]) => id !== conversation).slice(1 - CLAIMS_MAX);
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
    // Without storage, each tab notifies by itself.
  }
}
