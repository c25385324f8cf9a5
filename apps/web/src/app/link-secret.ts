/** The purpose and the secret of an account link that was opened. */
export interface FollowedLink {
  readonly path: 'setup' | 'join' | 'reset';
  readonly secret: string;
}

/** Kept in this tab only, so that a reload still has the link. Session storage is never sent to a server. */
const STORAGE_KEY = 'everywire.link';

/**
 * Moves a link's secret (`#/join/ewl_…`) from the address, where history and screen would expose it, to session storage, where it stays
 * until `forgetFollowedLink`. The fragment is never sent to a server.
 */
export function takeFollowedLink(): FollowedLink | null {
  const link = parseLink(location.hash);
  if (link === null) return null;
  history.replaceState(null, '', location.pathname + location.search);
  try {
    sessionStorage.setItem(STORAGE_KEY, `#/${link.path}/${link.secret}`);
  } catch {
    // Without storage, a reload loses the link and the user must open it again.
  }
  return link;
}

/** Returns the last link opened in this tab, or `null` after `forgetFollowedLink`. */
export function storedLink(): FollowedLink | null {
  try {
    return parseLink(sessionStorage.getItem(STORAGE_KEY) ?? '');
  } catch {
    return null;
  }
}

/** Removes the stored link. */
export function forgetFollowedLink(): void {
  try {
    sessionStorage.removeItem(STORAGE_KEY);
  } catch {
    // Without storage, nothing was stored.
  }
}

function parseLink(fragment: string): FollowedLink | null {
  const match = /^#\/(setup|join|reset)\/(ewl_[\w-]{1,80})$/.exec(fragment);
  return match === null ? null : { path: match[1] as FollowedLink['path'], secret: match[2] ?? '' };
}
