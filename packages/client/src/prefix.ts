/**
 * Returns the prefix of all transports: absolute, `http:` or `https:`, without a final slash.
 *
 * @param base the address to which `url` is relative. Default: that of the page, as for `fetch`; in a worker its origin,
 *   because the address of a worker may be a Blob's. The origin `null`, in workerd and in sandboxed workers, is not a base
 *   and would make absolute addresses invalid
 * @throws TypeError if `url` is invalid, or has a part that no request would carry
 */
export function toPrefix(
  url: string | URL,
  base: string | undefined = globalThis.document?.baseURI ?? globalThis.origin?.replace('null', 'x:'),
): string {
  const { origin, pathname, href } = new URL(`${url}`.replace(/^ws/i, 'http'), base);
  const prefix = origin + pathname;
  if (href !== prefix) throw new TypeError('url: path only');
  return prefix.replace(/\/$/, '');
}
