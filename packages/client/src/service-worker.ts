import { browserTable } from './create-wire-client.js';
import { toPrefix } from './prefix.js';
import type { Connect, TransportEntry } from './transport.js';
import type { TransportTable } from './transport-table.js';
import { connect as connectEventStream } from './transports/event-stream.js';
import { connect, SessionController } from './transports/fallback.js';
import { connect as connectFetchStream } from './transports/fetch-stream.js';
import { connect as connectLongPoll } from './transports/long-poll.js';
import { connect as connectShortPoll } from './transports/short-poll.js';
import type { TransportName, WireClient, WireClientOptions } from './wire-client.js';
import { WireSocket } from './wire-socket.js';

const row = (name: TransportName, kind: 'stream' | 'poll', connectBy: Connect): TransportEntry => ({
  name,
  kind,
  load: async () => ({ connect: connectBy }),
});

/** The transports of a service worker, which has no `import()`: all are in the file that imports this one. */
const table: TransportTable = {
  ...browserTable,
  rows: [
    browserTable.rows[0]!,
    row('fetch-stream', 'stream', connectFetchStream),
    row('event-stream', 'stream', connectEventStream),
    row('long-poll', 'poll', connectLongPoll),
    row('short-poll', 'poll', connectShortPoll),
  ],
  fallback: async () => ({ connect, SessionController }),
};

/**
 * Connects to a transport server, where `import()` is not available: in a service worker, such as the background of a
 * browser extension.
 *
 * @param url the server's path prefix, absolute or relative to the worker's origin; `ws:` means `http:`
 * @throws TypeError if `url` is invalid, RangeError if `transports` names no transport of a service worker
 */
export function createWireClient(url: string | URL, options: WireClientOptions = {}): WireClient {
  return new WireSocket(toPrefix(url), table, options);
}
