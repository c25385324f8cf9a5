import type { ServerInfo } from '@everywire/chat-client';

/**
 * Returns the server's raw TCP address, on the host that the person entered; `undefined` if raw TCP is not used. For an
 * `https` address, never returns a port without TLS, such as that of a server behind a TLS proxy, because the token
 * would cross the network in clear text.
 */
export function tcpAddress(url: string, { tcp }: Pick<ServerInfo, 'tcp'>): string | undefined {
  const { protocol, hostname } = new URL(url);
  if (tcp === undefined || tcp === null || (protocol === 'https:' && !tcp.encrypted)) return undefined;
  return `${tcp.encrypted ? 'tls' : 'tcp'}://${hostname}:${tcp.port}`;
}
