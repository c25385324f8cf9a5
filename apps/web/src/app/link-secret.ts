/** What a link that somebody followed is for, with its secret. */
export interface FollowedLink {
  readonly path: 'setup' | 'join' | 'reset';
  readonly secret: string;
}

/** For this tab alone, so that a reload keeps what the address no longer has. The browser sends it to nobody. */
const storageKey = 'everywire.link';

/**
 * Takes a link's secret out of the address (`#/join/ewl_…`), where history and screen would keep it, and keeps it for this tab until
 * `forgetFollowedLink`. The fragment was never sent to anybody.
 */
export function takeFollowedLink(): FollowedLink | null {
  const link = parseLink(location.hash);
  if (link === null) return null;
  history.replaceState(null, '', location.pathname + location.search);
  try {
    sessionStorage.setItem(storageKey, `#/${link.path}/${link.secret}`);
  } catch {
    // Without storage a reload loses the link, and it has to be followed again.
  }
  return link;
}

/** The link that this tab followed last, until it is forgotten. */
export function keptLink(): FollowedLink | null {
  try {
    return parseLink(sessionStorage.getItem(storageKey) ?? '');
  } catch {
    return null;
  }
}

export function forgetFollowedLink(): void {
  try {
    sessionStorage.removeItem(storageKey);
  } catch {
    // Nothing was kept either.
  }
}

function parseLink(fragment: string): FollowedLink | null {
  const match = /^#\/(setup|join|reset)\/(ewl_[\w-]{1,80})$/.exec(fragment);
  return match === null ? null : { path: match[1] as FollowedLink['path'], secret: match[2] ?? '' };
}
