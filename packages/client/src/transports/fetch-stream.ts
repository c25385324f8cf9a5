import { createFrameDecoder } from '@everywire/protocol/internal';
import { FRAGMENTS_MAX, RECORD_BYTES_MAX } from '../limits.js';
import type { Connect } from '../transport.js';
import { createFetchCarrier } from './fetch-carrier.js';

/** Starts a request with an endless response of unmasked RFC 6455 frames, which is read while it arrives. */
export const connect: Connect = createFetchCarrier('fetch-stream', (sink, messageBytesMax) =>
  createFrameDecoder(sink, { messageBytesMax: messageBytesMax + RECORD_BYTES_MAX, fragmentsMax: FRAGMENTS_MAX }),
);
