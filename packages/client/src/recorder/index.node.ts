import { tableFor } from '../node/create-wire-client.js';
import { toPrefix } from '../prefix.js';
import type { WireClientOptions } from '../wire-client.js';
import { type RecordedWireClient, recorded } from './record.js';

export type { ClientRecording, RecordedEntry, RecordedLink, RecordedMessage } from '@everywire/protocol';
export type { RecordedWireClient };

/** Creates a recorded client in Node, like `index.ts`. */
export function createRecordedWireClient(url: string | URL, options: WireClientOptions = {}): RecordedWireClient {
  return recorded(toPrefix(url), tableFor(options), options);
}
