import { knownOptions } from '@everywire/protocol/internal';
import { checkNumbers, OPTION_NAMES, TRANSPORT_NAMES } from '../option-names.js';
import { toPrefix } from '../prefix.js';
import type { TransportEntry, TransportModule } from '../transport.js';
import type { TransportTable } from '../transport-table.js';
import type { WireClient, WireClientOptions } from '../wire-client.js';
import { WireSocket } from '../wire-socket.js';
import { parseTcpAddress } from './tcp-address.js';

/** The transports of Node: our own WebSocket, and `fetch` for all others. */
const table: TransportTable = {
  rows: [
    { name: 'websocket', kind: 'duplex', load: () => import('./websocket.js') },
    { name: 'fetch-stream', kind: 'stream', load: () => import('../transports/fetch-stream.js') },
    { name: 'event-stream', kind: 'stream', load: () => import('./event-stream.js') },
    { name: 'multipart-stream', kind: 'stream', load: () => import('../transports/multipart-stream.js') },
    { name: 'long-poll', kind: 'poll', load: () => import('../transports/long-poll.js') },
    { name: 'short-poll', kind: 'poll', load: () => import('../transports/short-poll.js') },
  ],
  usual: /^(tcp|websocket|fetch-stream|event-stream|long-poll)$/,
  fallback: () => import('../transports/fallback.js'),
};

/**
 * Returns the transports for these options: with raw TCP as the first, if an address is given.
 *
 * @throws TypeError for an option or a transport that does not exist, RangeError for a number that cannot be used
 */
export function tableFor(options: WireClientOptions): TransportTable {
  const { tcp, transports = [] } = knownOptions('', options, OPTION_NAMES);
  checkNumbers(options);
  knownOptions('transports: ', Object.fromEntries(transports.map((name) => [name, 1])), TRANSPORT_NAMES);
  if (tcp === undefined) return table;
  const address = parseTcpAddress(tcp);
  const load = async (): Promise<TransportModule> => (await import('./tcp.js')).createTcp(address);
  const rows: readonly TransportEntry[] = [{ name: 'tcp', kind: 'duplex', load }, ...table.rows];
  return { ...table, rows };
}

/**
 * Connects to a transport server, in Node.
 *
 * @param url the server's path prefix, absolute: `https://chat.example.org/everywire`; `wss:` means `https:`
 * @throws TypeError if `url` or `tcp` is invalid or an option or a transport does not exist, RangeError if none of `transports` exists
 *   in Node or a number cannot be used
 */
export function createWireClient(url: string | URL, options: WireClientOptions = {}): WireClient {
  return new WireSocket(toPrefix(url), tableFor(options), options);
}
