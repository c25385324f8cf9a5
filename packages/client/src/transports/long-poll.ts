import { createJsonLinesDecoder } from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';
import { createFetchCarrier } from './fetch-carrier.js';
import { lineUnitsMax } from './line-units-max.js';

/** One batch of JSON lines an answer; the machine polls again. */
export const connect: Connect = createFetchCarrier('long-poll', (sink, messageBytesMax) =>
  createJsonLinesDecoder(sink, lineUnitsMax(messageBytesMax)),
);
