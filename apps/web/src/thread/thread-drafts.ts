/**
 * Drafts of threads, kept on this device. They survive a reload and are deleted on sign-out. Beyond a hundred, the least recently updated
 * is evicted. Without storage, or if it is full, they live as long as the page.
 */
const STORAGE_KEY = 'everywire.thread-drafts';
const DRAFTS_MAX = 100;

/** The drafts that could not be stored; `null` if all are stored. */
let unstored: ReadonlyMap<string, string> | null = null;
/** The browser allows storage but has no space left. */
let full = false;

/** Returns whether the browser has no space for drafts of threads. */
export function threadDraftsFull(): boolean {
  return full;
}

/** Returns the draft of a thread, or an empty string. */
export function threadDraft(user: number, conversation: number, root: number): string {
  return read().get(placeOf(user, conversation, root)) ?? '';
}

/** Stores the draft of a thread. An empty text deletes it. */
export function storeThreadDraft(user: number, conversation: number, root: number, text: string): void {
  const place = placeOf(user, conversation, root);
  // Another tab may have stored drafts in the meantime.
  const drafts = new Map(read());
  drafts.delete(place);
  if (text !== '') drafts.set(place, text);
  write(new Map([...drafts].slice(-DRAFTS_MAX)));
}

/** Returns how many drafts the user has in threads. */
export function countThreadDrafts(user: number): number {
  return [...read().keys()].filter((place) => place.startsWith(`${user}/`)).length;
}

/** Deletes all drafts. Called on sign-out. */
export function forgetThreadDrafts(): void {
  write(new Map());
}

function placeOf(user: number, conversation: number, root: number): string {
  return `${user}/${conversation}/${root}`;
}

function read(): ReadonlyMap<string, string> {
  if (unstored !== null) return unstored;
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    return new Map(Array.isArray(kept) ? kept.filter(isDraft) : []);
  } catch {
    return new Map();
  }
}

function write(drafts: ReadonlyMap<string, string>): void {
  try {
    if (drafts.size === 0) localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, JSON.stringify([...drafts]));
    unstored = null;
    full = false;
  } catch (error) {
    unstored = drafts;
    full = error instanceof Error && error.name === 'QuotaExceededError';
  }
}

function isDraft(kept: unknown): kept is [string, string] {
  return Array.isArray(kept) && typeof kept[0] === 'string' && typeof kept[1] === 'string';
}
