import { createJsonLinesDecoder } from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';
import { createFetchCarrier } from './fetch-carrier.js';
import { lineUnitsMax } from './line-units-max.js';

/** One batch of JSON lines an answer, which is never held; the machine polls again after a pause. */
export const connect: Connect = createFetchCarrier('short-poll', (sink, messageBytesMax) =>
  createJsonLinesDecoder(sink, lineUnitsMax(messageBytesMax)),
);
