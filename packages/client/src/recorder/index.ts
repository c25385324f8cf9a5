import { browserTable } from '../create-wire-client.js';
import { toPrefix } from '../prefix.js';
import type { WireClientOptions } from '../wire-client.js';
import { type RecordedWireClient, recorded } from './record.js';

export type { ClientRecording, RecordedEntry, RecordedLink, RecordedMessage } from '@everywire/protocol';
export type { RecordedWireClient };

/** Creates a client like `createWireClient` that records its session, to find the causes of failures and delays. */
export function createRecordedWireClient(url: string | URL, options: WireClientOptions = {}): RecordedWireClient {
  return recorded(toPrefix(url), browserTable, options);
}
