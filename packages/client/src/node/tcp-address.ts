/** Address of a raw TCP port. */
export interface TcpAddress {
  readonly host: string;
  readonly port: number;
  readonly encrypted: boolean;
}

/** Parses an address. @throws TypeError unless it has the form `tcp://host:port` or `tls://host:port` */
export function parseTcpAddress(text: string): TcpAddress {
  const { protocol, hostname, port, pathname, search, hash, username, password } = new URL(text);
  const bare = pathname.length <= 1 && `${search}${hash}${username}${password}` === '';
  if (!/^(tcp|tls):$/.test(protocol) || hostname === '' || port === '' || !bare) throw new TypeError(`tcp: ${text}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), encrypted: protocol === 'tls:' };
}
