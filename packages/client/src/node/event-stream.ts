import { createEventStreamDecoder } from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';
import { createFetchCarrier } from '../transports/fetch-carrier.js';
import { lineUnitsMax } from '../transports/line-units-max.js';

/** Reads an event stream by `fetch`, for Node, which has no EventSource: by POST, so without a ticket. */
export const connect: Connect = createFetchCarrier('event-stream', (sink, messageBytesMax) =>
  createEventStreamDecoder(sink, lineUnitsMax(messageBytesMax)),
);
