import type { ServerInfo } from '@everywire/chat-client';

/**
 * Returns where the server takes raw TCP, on the host that the person named; `undefined` where raw TCP is not used. A person who wrote `https` is never taken to a
 * port without TLS, as the port of a server behind a proxy that ends TLS is: the token would go over the network in clear.
 */
export function tcpAddress(url: string, { tcp }: Pick<ServerInfo, 'tcp'>): string | undefined {
  const { protocol, hostname } = new URL(url);
  if (tcp === undefined || tcp === null || (protocol === 'https:' && !tcp.encrypted)) return undefined;
  return `${tcp.encrypted ? 'tls' : 'tcp'}://${hostname}:${tcp.port}`;
}
