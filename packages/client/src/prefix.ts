/** The address all transports live under: absolute, `http:` or `https:`, without query or a slash at its end. */
export function toPrefix(url: string | URL, base?: string): string {
  const { origin, pathname } = new URL(`${url}`.replace(/^ws/, 'http'), base);
  return (origin + pathname).replace(/\/$/, '');
}
