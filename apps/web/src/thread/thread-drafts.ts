/**
 * What was begun in threads and not sent, on this device: it outlives a reload, and goes with the account. Of a hundred the oldest is given up. Without
 * storage, and where that is full, it lives as long as the page.
 */
const storageKey = 'everywire.thread-drafts';
const draftsMax = 100;

/** What could not be stored; `null` where everything is. */
let unstored: ReadonlyMap<string, string> | null = null;
/** The storage had no room for it, while it is allowed. */
let full = false;

/** Whether the browser has no room for drafts of threads. */
export function threadDraftsFull(): boolean {
  return full;
}

export function threadDraft(user: number, conversation: number, root: number): string {
  return read().get(placeOf(user, conversation, root)) ?? '';
}

export function keepThreadDraft(user: number, conversation: number, root: number, text: string): void {
  const place = placeOf(user, conversation, root);
  // Another tab may have kept some meanwhile.
  const drafts = new Map(read());
  drafts.delete(place);
  if (text !== '') drafts.set(place, text);
  write(new Map([...drafts].slice(-draftsMax)));
}

/** How many drafts this person has in threads. */
export function countThreadDrafts(user: number): number {
  return [...read().keys()].filter((place) => place.startsWith(`${user}/`)).length;
}

/** Signed out: nothing of the account stays here. */
export function forgetThreadDrafts(): void {
  write(new Map());
}

function placeOf(user: number, conversation: number, root: number): string {
  return `${user}/${conversation}/${root}`;
}

function read(): ReadonlyMap<string, string> {
  if (unstored !== null) return unstored;
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    return new Map(Array.isArray(kept) ? kept.filter(isDraft) : []);
  } catch {
    return new Map();
  }
}

function write(drafts: ReadonlyMap<string, string>): void {
  try {
    if (drafts.size === 0) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, JSON.stringify([...drafts]));
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
