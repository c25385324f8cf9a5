import { createMultipartDecoder } from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';
import { createFetchCarrier } from './fetch-carrier.js';
import { lineUnitsMax } from './line-units-max.js';

/** Starts an endless response of parts, for intermediaries that forward it part by part. */
export const connect: Connect = createFetchCarrier('multipart-stream', (sink, messageBytesMax) =>
  createMultipartDecoder(sink, lineUnitsMax(messageBytesMax)),
);
