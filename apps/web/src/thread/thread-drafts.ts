/**
 * What was begun in threads and not sent, on this device: it outlives a reload, and goes with the account. Of a hundred the oldest is given up. Without
 * storage it lives as long as the page.
 */
const storageKey = 'everywire.thread-drafts';
const draftsMax = 100;

let unstored: ReadonlyMap<string, string> = new Map();

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

/** Signed out: nothing of the account stays here. */
export function forgetThreadDrafts(): void {
  write(new Map());
}

function placeOf(user: number, conversation: number, root: number): string {
  return `${user}/${conversation}/${root}`;
}

function read(): ReadonlyMap<string, string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(kept) ? new Map(kept.filter(isDraft)) : unstored;
  } catch {
    return unstored;
  }
}

function write(drafts: ReadonlyMap<string, string>): void {
  try {
    if (drafts.size === 0) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, JSON.stringify([...drafts]));
  } catch {
    unstored = drafts;
  }
}

function isDraft(kept: unknown): kept is [string, string] {
  return Array.isArray(kept) && typeof kept[0] === 'string' && typeof kept[1] === 'string';
}
