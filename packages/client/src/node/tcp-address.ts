/** Where a raw TCP port is. */
export interface TcpAddress {
  readonly host: string;
  readonly port: number;
  readonly encrypted: boolean;
}

/** @throws TypeError for what is not like `tcp://host:port` or `tls://host:port` */
export function parseTcpAddress(text: string): TcpAddress {
  const { protocol, hostname, port, pathname, search, hash, username } = new URL(text);
  const bare = pathname.length <= 1 && `${search}${hash}${username}` === '';
  if (!/^(tcp|tls):$/.test(protocol) || hostname === '' || port === '' || !bare) throw new TypeError(`tcp: ${text}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), encrypted: protocol === 'tls:' };
}
