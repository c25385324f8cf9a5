import { toPrefix } from './prefix.js';
import type { TransportEntry } from './transport.js';
import type { TransportTable } from './transport-table.js';
import { connectWebSocket } from './transports/websocket.js';
import type { TransportName, WireClient, WireClientOptions } from './wire-client.js';
import { WireSocket } from './wire-socket.js';

const fallback = (): Promise<typeof import('./transports/fallback.js')> => import('./transports/fallback.js');

/**
 * Creates the table entry of a transport. The name of the transport contains its kind (`fetch-stream` is a stream).
 * Only the code of the WebSocket is loaded with the page. The other transports are loaded when they are needed, through
 * the module that is loaded in parallel with the first link anyway.
 */
const row = (name: string): TransportEntry => ({
  name: name as TransportName,
  kind: name.split('-')[1] as 'stream' | 'poll',
  load: () => fallback().then(({ modules }) => modules[name as TransportName]!()),
});

/** The transports of a browser. */
export const browserTable: TransportTable = {
  rows: [
    { name: 'websocket', kind: 'duplex', load: async () => ({ connect: connectWebSocket }) },
    ...'fetch-stream event-stream multipart-stream xhr-stream iframe-stream htmlfile-stream long-poll jsonp-poll short-poll'
      .split(' ')
      .map(row),
  ],
  // Matches the first letters of `websocket`, `fetch-stream`, `event-stream` and `long-poll`; short, to save bytes.
  usual: /^[efwl]/,
  fallback,
};

/**
 * Connects to a transport server, in a browser.
 *
 * @param url the server's path prefix, absolute or relative to the page: `/everywire`; `ws:` means `http:`
 * @throws TypeError if `url` is invalid, RangeError if `transports` names no transport that exists
 */
export function createWireClient(url: string | URL, options: WireClientOptions = {}): WireClient {
  return new WireSocket(toPrefix(url), browserTable, options);
}
