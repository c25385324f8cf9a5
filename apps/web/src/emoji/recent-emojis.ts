const STORAGE_KEY = 'everywire.emojis';
const RECENT_MAX = 24;

/** Returns the emojis used on this device, the most recent first. */
export function readRecentEmojis(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    if (!Array.isArray(kept)) return [];
    return kept.filter((one): one is string => typeof one === 'string').slice(0, RECENT_MAX);
  } catch {
    return [];
  }
}

/** Adds an emoji to the recent ones. Best effort. */
export function addRecentEmoji(emoji: string): void {
  const next = [emoji, ...readRecentEmojis().filter((one) => one !== emoji)].slice(0, RECENT_MAX);
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(next));
  } catch {
    // Without storage there are no recent emojis.
  }
}

/** Deletes the recent emojis. Called on sign-out. */
export function forgetRecentEmojis(): void {
  try {
    localStorage.removeItem(STORAGE_KEY);
  } catch {
    // Without storage, nothing was stored.
  }
}
