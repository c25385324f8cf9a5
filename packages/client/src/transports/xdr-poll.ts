import type { Connect } from '../transport.js';
import { createXdrCarrier } from './xdr-carrier.js';

/** One batch of JSON lines an answer; the machine polls again. */
export const connect: Connect = createXdrCarrier(() => 'xdr-poll');
