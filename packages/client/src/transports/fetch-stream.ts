import { createFrameDecoder } from '@everywire/protocol/internal';
import { fragmentsMax, recordBytesMax } from '../limits.js';
import type { Connect } from '../transport.js';
import { createFetchCarrier } from './fetch-carrier.js';

/** One endless answer of unmasked frames, read as it streams in. */
export const connect: Connect = createFetchCarrier('fetch-stream', (sink, messageBytesMax) =>
  createFrameDecoder(sink, { messageBytesMax: messageBytesMax + recordBytesMax, fragmentsMax }),
);
