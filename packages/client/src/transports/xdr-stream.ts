import type { Connect } from '../transport.js';
import { createXdrCarrier } from './xdr-carrier.js';

/** Starts a streaming response of JSON lines. The server ends the response before it grows too long for the browser. */
export const connect: Connect = createXdrCarrier(() => 'xdr-stream');
