import { createJsonLinesDecoder } from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';
import { createFetchCarrier } from './fetch-carrier.js';
import { lineUnitsMax } from './line-units-max.js';

/**
 * Polls for one batch of JSON lines per response. The server answers immediately; the session polls again after a
 * pause.
 */
export const connect: Connect = createFetchCarrier('short-poll', (sink, messageBytesMax) =>
  createJsonLinesDecoder(sink, lineUnitsMax(messageBytesMax)),
);
