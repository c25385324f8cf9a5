import { browserTable } from './create-wire-client.js';
import { toPrefix } from './prefix.js';
import type { TransportEntry } from './transport.js';
import type { FlashAddress } from './transports/flash-socket.js';
import type { WireClient, WireClientOptions } from './wire-client.js';
import { WireSocket } from './wire-socket.js';

export type { FlashAddress };

/**
 * Creates a client that can also connect through Flash, for browsers that have Flash (or a player for it) and nothing
 * better. Adds the transport `flash-socket`, which is tried after the WebSocket. This is a separate entry point of the
 * package, so that other pages do not load its code.
 *
 * @param url the server's path prefix, absolute or relative to the page
 * @throws TypeError if `url` is invalid, RangeError if `transports` names no transport that exists
 */
export function createFlashWireClient(
  url: string | URL,
  flash: FlashAddress,
  options: WireClientOptions = {},
): WireClient {
  const row: TransportEntry = {
    name: 'flash-socket',
    kind: 'duplex',
    load: async () => (await import('./transports/flash-socket.js')).createFlashSocket(flash),
  };
  const [webSocket, ...others] = browserTable.rows as [TransportEntry, ...TransportEntry[]];
  const table = { ...browserTable, rows: [webSocket, row, ...others] };
  return new WireSocket(toPrefix(url), table, options);
}
