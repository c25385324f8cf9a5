/** One port, and whether it speaks TLS. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly encrypted: boolean;
}

/** The server under test. */
export interface Target extends Address {
  /** What stands in the `Host` header. */
  readonly authority: string;
  /** The page's own origin, which every server has to allow. */
  readonly origin: string;
  /** Prefix of all endpoints, without a slash at the end. */
  readonly path: string;
  /** What opens a session, where the server asks for it. */
  readonly token: string | undefined;
  /** Its raw TCP port, where it is to be examined. */
  readonly tcp: Address | undefined;
}

/**
 * @param tcp `tcp://host:port` or `tls://host:port`.
 * @throws TypeError for what is no http or https URL, and for another address of raw TCP.
 */
export function parseTarget(text: string, token?: string, tcp?: string): Target {
  const url = new URL(text);
  const encrypted = url.protocol === 'https:';
  if (!encrypted && url.protocol !== 'http:') throw new TypeError(`${text}: http:// or https://`);
  return {
    host: hostOf(url),
    port: Number(url.port) || (encrypted ? 443 : 80),
    authority: url.host,
    origin: url.origin,
    encrypted,
    path: url.pathname === '/' ? '/everywire' : url.pathname.replace(/\/$/, ''),
    token,
    tcp: tcp === undefined ? undefined : parseTcp(tcp),
  };
}

function parseTcp(text: string): Address {
  const url = new URL(text);
  if (!/^(?:tcp|tls):$/.test(url.protocol) || url.port === '')
    throw new TypeError(`${text}: tcp:// or tls:// and a port`);
  return { host: hostOf(url), port: Number(url.port), encrypted: url.protocol === 'tls:' };
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}
