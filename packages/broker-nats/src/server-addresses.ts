import type { ConnectionOptions } from '@nats-io/transport-node';

/** The connection options that addresses determine. */
type ServerAddresses = Pick<ConnectionOptions, 'user' | 'pass' | 'token' | 'tls'> & {
  readonly servers: string[];
};

/**
 * Parses addresses such as `nats://user:password@host:port`, `nats://token@host:port` and `tls://host`.
 *
 * The library ignores the scheme and the credentials in an address and accepts one set of credentials. Therefore the
 * first credentials in the addresses are used for all servers. If one address has `tls:`, TLS is required of all
 * servers; otherwise TLS is used if a server offers it.
 *
 * @throws Error that does not contain the address, because it may contain a password
 */
export function parseServerAddresses(servers: string | readonly string[]): ServerAddresses {
  const urls = [servers].flat().map(parseAddress);
  if (urls.length === 0) throw new Error('No NATS server is named.');
  const withCredentials = urls.find(({ username }) => username !== '');
  return {
    servers: urls.map(({ host }) => host),
    ...(withCredentials !== undefined && parseCredentials(withCredentials)),
    ...(urls.some(({ protocol }) => protocol === 'tls:') && { tls: {} }),
  };
}

/** Parses one address. Checks it before calling `new URL`, because the error of `URL` contains the whole address. */
function parseAddress(address: string, at: number): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || url.hostname === '' || !['nats:', 'tls:'].includes(url.protocol))
    throw new Error(`NATS server ${at + 1} is not named as nats://host:port or tls://host:port.`);
  return url;
}

function parseCredentials({ username, password }: URL): Pick<ConnectionOptions, 'user' | 'pass' | 'token'> {
  const user = decodeURIComponent(username);
  return password === '' ? { token: user } : { user, pass: decodeURIComponent(password) };
}
