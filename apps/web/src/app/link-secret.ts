/** What a link that somebody followed is for, with its secret. */
export interface FollowedLink {
  readonly path: 'setup' | 'join' | 'reset';
  readonly secret: string;
}

/**
 * Takes a link's secret out of the address (`#/join/ewl_…`), where history and screen would keep it. The fragment was never sent to anybody.
 */
export function takeFollowedLink(): FollowedLink | null {
  const match = /^#\/(setup|join|reset)\/(ewl_[\w-]{1,80})$/.exec(location.hash);
  if (match === null) return null;
  history.replaceState(null, '', location.pathname + location.search);
  return { path: match[1] as FollowedLink['path'], secret: match[2] ?? '' };
}
