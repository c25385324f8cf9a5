import type { Connect } from '../transport.js';
import { createXdrCarrier } from './xdr-carrier.js';

/** Starts an endless response of JSON lines, which the server ends before it grows too long. */
export const connect: Connect = createXdrCarrier(() => 'xdr-stream');
