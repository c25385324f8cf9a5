import type { AddressInfo } from 'node:net';

/** Where a person on this machine finds the server: the host that was asked for, or `localhost` where it is every address. */
export function readyAddress(host: string, address: AddressInfo, encrypted: boolean): string {
  const scheme = encrypted ? 'https' : 'http';
  if (host === '' || host === '::' || host === '0.0.0.0') return `${scheme}://localhost:${address.port}`;
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}
