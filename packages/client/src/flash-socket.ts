import { browserTable } from './create-wire-client.js';
import { toPrefix } from './prefix.js';
import type { TransportRow } from './transport.js';
import type { FlashAddress } from './transports/flash-socket.js';
import type { WireClient, WireClientOptions } from './wire-client.js';
import { WireSocket } from './wire-socket.js';

export type { FlashAddress };

/**
 * A client for pages whose browser has Flash (or a player of it) and nothing better: `flash-socket` beside the transports of every page,
 * tried behind the WebSocket. An import of its own, so that no other page pays for it.
 *
 * @param url the server's path prefix, absolute or relative to the page
 * @throws TypeError when `url` is none, RangeError when `transports` names none that exists
 */
export function createFlashWireClient(
  url: string | URL,
  flash: FlashAddress,
  options: WireClientOptions = {},
): WireClient {
  const row: TransportRow = {
    name: 'flash-socket',
    kind: 'duplex',
    load: async () => (await import('./transports/flash-socket.js')).createFlashSocket(flash),
  };
  const [webSocket, ...others] = browserTable.rows as [TransportRow, ...TransportRow[]];
  const table = { ...browserTable, rows: [webSocket, row, ...others] };
  return new WireSocket(toPrefix(url, globalThis.location?.href), table, options);
}
