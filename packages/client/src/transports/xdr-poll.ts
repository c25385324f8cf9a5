import type { Connect } from '../transport.js';
import { createXdrCarrier } from './xdr-carrier.js';

/** Polls for one batch of JSON lines per response. The session starts the next poll. */
export const connect: Connect = createXdrCarrier(() => 'xdr-poll');
