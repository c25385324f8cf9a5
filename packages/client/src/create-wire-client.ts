import { toPrefix } from './prefix.js';
import type { TransportTable } from './transport-table.js';
import { connectWebSocket } from './transports/websocket.js';
import type { WireClient, WireClientOptions } from './wire-client.js';
import { WireSocket } from './wire-socket.js';

/** What a browser has. Only the WebSocket comes with the page; the rest is loaded when it is needed. */
const table: TransportTable = {
  rows: [
    { name: 'websocket', kind: 'duplex', load: async () => ({ connect: connectWebSocket }) },
    { name: 'fetch-stream', kind: 'stream', load: () => import('./transports/fetch-stream.js') },
    { name: 'event-stream', kind: 'stream', load: () => import('./transports/event-stream.js') },
    { name: 'long-poll', kind: 'poll', load: () => import('./transports/long-poll.js') },
  ],
  fallback: () => import('./transports/fallback.js'),
};

/**
 * Connects to a transport server, in a browser.
 *
 * @param url the server's path prefix, absolute or relative to the page: `/everywire`; `ws:` means `http:`
 * @throws TypeError when `url` is none, RangeError when `transports` names none that exists
 */
export function createWireClient(url: string | URL, options: WireClientOptions = {}): WireClient {
  return new WireSocket(toPrefix(url, globalThis.location?.href), table, options);
}
