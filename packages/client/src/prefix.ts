/** Returns the prefix of all transports: absolute, `http:` or `https:`, without a query or a final slash. */
export function toPrefix(url: string | URL, base?: string): string {
  const { origin, pathname } = new URL(`${url}`.replace(/^ws/, 'http'), base);
  return (origin + pathname).replace(/\/$/, '');
}
