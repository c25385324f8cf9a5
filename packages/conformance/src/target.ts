/** The server under test. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** What stands in the `Host` header. */
  readonly authority: string;
  /** The page's own origin, which every server has to allow. */
  readonly origin: string;
  readonly encrypted: boolean;
  /** Prefix of all endpoints, without a slash at the end. */
  readonly path: string;
  /** What opens a session, where the server asks for it. */
  readonly token: string | undefined;
}

/** @throws TypeError for what is no http or https URL. */
export function parseTarget(text: string, token?: string): Target {
  const url = new URL(text);
  const encrypted = url.protocol === 'https:';
  if (!encrypted && url.protocol !== 'http:') throw new TypeError(`${text}: http:// or https://`);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (encrypted ? 443 : 80),
    authority: url.host,
    origin: url.origin,
    encrypted,
    path: url.pathname === '/' ? '/everywire' : url.pathname.replace(/\/$/, ''),
    token,
  };
}
