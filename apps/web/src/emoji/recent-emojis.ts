const storageKey = 'everywire.emojis';
const recentMax = 24;

/** The emojis that were used last on this device, the latest first. */
export function readRecentEmojis(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    if (!Array.isArray(kept)) return [];
    return kept.filter((one): one is string => typeof one === 'string').slice(0, recentMax);
  } catch {
    return [];
  }
}

export function noteRecentEmoji(emoji: string): void {
  const next = [emoji, ...readRecentEmojis().filter((one) => one !== emoji)].slice(0, recentMax);
  try {
    localStorage.setItem(storageKey, JSON.stringify(next));
  } catch {
    // A browser that forbids storage has no recent ones.
  }
}

/** For whoever uses the device next. */
export function forgetRecentEmojis(): void {
  try {
    localStorage.removeItem(storageKey);
  } catch {
    // Nothing was kept.
  }
}
