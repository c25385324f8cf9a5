/**
 * Returns whether a request is for the REST interface. Decodes the path, because the router does so too: `/%61pi/me` is
 * `/api/me`. Throws `URIError` for a path that cannot be decoded.
 *
 * @param url path and query, as received
 */
export function isRestPath(url: string): boolean {
  if (url.startsWith('/api/')) return true;
  const [path = ''] = url.split('?', 1);
  return path.includes('%') && decodeURIComponent(path).startsWith('/api/');
}
