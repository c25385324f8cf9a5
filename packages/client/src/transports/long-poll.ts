import { createJsonLinesDecoder } from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';
import { createFetchCarrier } from './fetch-carrier.js';
import { lineUnitsMax } from './line-units-max.js';

/** Polls for one batch of JSON lines per response. The session starts the next poll. */
export const connect: Connect = createFetchCarrier('long-poll', (sink, messageBytesMax) =>
  createJsonLinesDecoder(sink, lineUnitsMax(messageBytesMax)),
);
