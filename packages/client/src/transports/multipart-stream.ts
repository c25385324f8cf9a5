import { createMultipartDecoder } from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';
import { createFetchCarrier } from './fetch-carrier.js';
import { lineUnitsMax } from './line-units-max.js';

/**
 * Starts an endless multipart response, for proxies that buffer other responses but forward each part of a multipart
 * one.
 */
export const connect: Connect = createFetchCarrier('multipart-stream', (sink, messageBytesMax) =>
  createMultipartDecoder(sink, lineUnitsMax(messageBytesMax)),
);
