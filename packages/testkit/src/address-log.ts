import type { IncomingMessage, Server } from 'node:http';

/**
 * Every address a server is asked for from now on, upgrades included. A transport server takes its requests before any
 * listener hears of them, so that they are seen in `emit`; call this after its `attach`.
 *
 * @param addresses where they are put
 */
export function logAddresses(server: Server, addresses: string[] = []): readonly string[] {
  const { emit } = server;
  server.emit = function (this: Server, event: string, ...parts: unknown[]): boolean {
    if (event === 'request' || event === 'upgrade') addresses.push((parts[0] as IncomingMessage).url ?? '');
    return Reflect.apply(emit, this, [event, ...parts]);
  } as Server['emit'];
  return addresses;
}
