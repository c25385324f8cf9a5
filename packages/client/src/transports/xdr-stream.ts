import type { Connect } from '../transport.js';
import { createXdrCarrier } from './xdr-carrier.js';

/** One endless answer of JSON lines, ended by the server before it grows too long. */
export const connect: Connect = createXdrCarrier(() => 'xdr-stream');
