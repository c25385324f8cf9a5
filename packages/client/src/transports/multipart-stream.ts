import { createMultipartDecoder } from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';
import { createFetchCarrier } from './fetch-carrier.js';
import { lineUnitsMax } from './line-units-max.js';

/** One endless answer of parts, for what stands between and passes on a part at a time. */
export const connect: Connect = createFetchCarrier('multipart-stream', (sink, messageBytesMax) =>
  createMultipartDecoder(sink, lineUnitsMax(messageBytesMax)),
);
