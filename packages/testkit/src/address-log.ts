import type { IncomingMessage, Server } from 'node:http';

/**
 * Logs the address of every request to a server from now on, upgrades included. A transport server takes its requests before any listener gets them, so this wraps
 * `emit`; the caller must call it after `attach`.
 *
 * @param addresses receives the addresses
 */
export function logAddresses(server: Server, addresses: string[] = []): readonly string[] {
  const { emit } = server;
  server.emit = function (this: Server, event: string, ...parts: unknown[]): boolean {
    if (event === 'request' || event === 'upgrade') addresses.push((parts[0] as IncomingMessage).url ?? '');
    return Reflect.apply(emit, this, [event, ...parts]);
  } as Server['emit'];
  return addresses;
}
