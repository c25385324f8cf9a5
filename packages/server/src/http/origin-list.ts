/** The scheme, host and port at the start of an address, up to its path. No credentials, and nothing that CSP would read as a separator. */
const SHELL_ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[\w.~-]+(?::\d{1,5})?(?=[/?#]|$)/i;
/** Schemes whose origins are of another form, or whose pages all have the origin `null`. */
const UNUSABLE = /^(?:file|data|blob|about|javascript|filesystem|null)(?::|$)/i;
const EXAMPLES = 'https://chat.example.org or capacitor://localhost';

/**
 * Returns a function that tells whether an origin is in the list. Origins of web sites (`https://chat.example.org`) are compared exactly,
 * those of apps and extensions (`capacitor://localhost`, `chrome-extension://id`) in lower case, because shells do not all write them in
 * the same way. There are no patterns, no suffixes and no `*`, and the origin `null` is never in the list.
 *
 * @throws TypeError for an entry that no page has as its origin, or that has no fixed owner
 */
export function createOriginList(origins: readonly string[]): (origin: string) => boolean {
  if (!Array.isArray(origins)) throw new TypeError(`origins: must be a list of origins such as ${EXAMPLES}`);
  for (const origin of origins) {
    const fault = originFault(origin);
    if (fault !== null) throw new TypeError(`origins: ${shown(origin)} ${fault}`);
  }
  const exact = new Set(origins);
  const shells = new Set(origins.filter((origin) => !isWeb(origin)).map((origin) => origin.toLowerCase()));
  return (origin) => exact.has(origin) || (shells.size > 0 && shells.has(origin.toLowerCase()));
}

/** Returns why a value cannot be an entry of the list, or `null` if it can. */
export function originFault(origin: unknown): string | null {
  if (typeof origin !== 'string') return `is not a text such as ${EXAMPLES}`;
  if (origin.includes('*')) return 'is a pattern: name each origin exactly';
  if (UNUSABLE.test(origin))
    return 'cannot be allowed: such pages have the origin "null", which any page can get in a sandboxed frame or a file';
  if (/^(?:wss?|ftp):/i.test(origin)) return 'is not the origin of a page, which begins with https:// or http://';
  if (/^[^/?#]*:\/\/[^/?#]*@/.test(origin)) return 'must not contain credentials';
  const written = isWeb(origin) && URL.canParse(origin) ? new URL(origin).origin : shellOriginIn(origin);
  if (written === undefined) return `is not an origin such as ${EXAMPLES}`;
  return written === origin ? null : `must be written ${JSON.stringify(written)}, exactly`;
}

/** Returns the origin of an address of an app or extension, or `undefined` if it has none. */
export function shellOriginIn(address: string): string | undefined {
  const origin = isWeb(address) ? undefined : SHELL_ORIGIN.exec(address)?.[0];
  return origin === undefined || Number(/:(\d+)$/.exec(origin)?.[1] ?? 0) > 65_535 ? undefined : origin;
}

function isWeb(origin: string): boolean {
  return /^https?:/i.test(origin);
}

function shown(entry: unknown): string {
  return typeof entry === 'string' ? JSON.stringify(entry) : String(entry);
}
