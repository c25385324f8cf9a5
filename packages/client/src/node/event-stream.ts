import { createEventStreamDecoder } from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';
import { createFetchCarrier } from '../transports/fetch-carrier.js';
import { lineUnitsMax } from '../transports/line-units-max.js';

/**
 * Reads an event stream by `fetch`, because Node has no EventSource. The request is a POST, which contains the attach
 * record. It therefore needs no ticket (a single-use secret in the address).
 */
export const connect: Connect = createFetchCarrier('event-stream', (sink, messageBytesMax) =>
  createEventStreamDecoder(sink, lineUnitsMax(messageBytesMax)),
);
