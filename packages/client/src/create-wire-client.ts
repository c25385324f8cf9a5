import { toPrefix } from './prefix.js';
import type { TransportRow } from './transport.js';
import type { TransportTable } from './transport-table.js';
import { connectWebSocket } from './transports/websocket.js';
import type { TransportName, WireClient, WireClientOptions } from './wire-client.js';
import { WireSocket } from './wire-socket.js';

const fallback = (): Promise<typeof import('./transports/fallback.js')> => import('./transports/fallback.js');

/**
 * How a transport travels down is in its name. Only the WebSocket comes with the page; the rest is loaded when it is needed, by
 * way of what is loaded beside the first link anyway.
 */
const row = (name: string): TransportRow => ({
  name: name as TransportName,
  kind: name.split('-')[1] as 'stream' | 'poll',
  load: () => fallback().then(({ modules }) => modules[name as TransportName]!()),
});

/** What a browser has. */
export const browserTable: TransportTable = {
  rows: [
    { name: 'websocket', kind: 'duplex', load: async () => ({ connect: connectWebSocket }) },
    ...'fetch-stream event-stream multipart-stream xhr-stream iframe-stream htmlfile-stream long-poll jsonp-poll short-poll'
      .split(' ')
      .map(row),
  ],
  // The WebSocket, `fetch-stream`, `event-stream` and `long-poll`, in few bytes.
  usual: /^[efwl]/,
  fallback,
};

/**
 * Connects to a transport server, in a browser.
 *
 * @param url the server's path prefix, absolute or relative to the page: `/everywire`; `ws:` means `http:`
 * @throws TypeError when `url` is none, RangeError when `transports` names none that exists
 */
export function createWireClient(url: string | URL, options: WireClientOptions = {}): WireClient {
  return new WireSocket(toPrefix(url, globalThis.location?.href), browserTable, options);
}
