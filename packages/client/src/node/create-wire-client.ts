import { toPrefix } from '../prefix.js';
import type { TransportTable } from '../transport.js';
import type { WireClient, WireClientOptions } from '../wire-client.js';
import { WireSocket } from '../wire-socket.js';

/** What Node 20 and later have: our own WebSocket, and fetch for all the rest. */
const table: TransportTable = {
  rows: [
    { name: 'websocket', kind: 'duplex', load: async () => (await import('./websocket.js')).connect },
    { name: 'fetch-stream', kind: 'stream', load: async () => (await import('../transports/fetch-stream.js')).connect },
    { name: 'event-stream', kind: 'stream', load: async () => (await import('./event-stream.js')).connect },
    { name: 'long-poll', kind: 'poll', load: async () => (await import('../transports/long-poll.js')).connect },
  ],
  post: async () => (await import('../transports/post.js')).connect,
};

/**
 * Connects to a transport server, in Node.
 *
 * @param url the server's path prefix, absolute: `https://chat.example.org/everywire`; `wss:` means `https:`
 * @throws TypeError when `url` is none, RangeError when `transports` names none that exists
 */
export function createWireClient(url: string | URL, options: WireClientOptions = {}): WireClient {
  return new WireSocket(toPrefix(url), table, options);
}
