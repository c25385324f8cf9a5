import type { AddressInfo } from 'node:net';

/**
 * Returns the server's address for this machine: the configured host, or `localhost` when it listens on every address.
 */
export function readyAddress(host: string, address: AddressInfo, encrypted: boolean): string {
  const scheme = encrypted ? 'https' : 'http';
  if (host === '' || host === '::' || host === '0.0.0.0') return `${scheme}://localhost:${address.port}`;
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}
