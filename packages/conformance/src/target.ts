/** A host and port, and whether it uses TLS. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly encrypted: boolean;
}

/** The server under test. */
export interface Target extends Address {
  /** Value of the `Host` header. */
  readonly authority: string;
  /** The server's own origin, which every server must allow. */
  readonly origin: string;
  /** Prefix of all endpoints, without a trailing slash. */
  readonly path: string;
  /** The token that opens a session, if the server requires one. */
  readonly token: string | undefined;
  /** Its raw TCP port, if it is to be checked. */
  readonly tcp: Address | undefined;
}

/**
 * Parses the address of a server.
 *
 * @param tcp `tcp://host:port` or `tls://host:port`
 * @throws TypeError if the URL is not http or https, or the raw TCP address is invalid
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
