import type { Connect } from '../transport.js';
import { createXdrCarrier } from './xdr-carrier.js';

/**
 * Polls by XDomainRequest (Internet Explorer 8 and 9). Each response ends after the waiting messages, which are lines of JSON. The
 * session starts the next poll.
 */
export const connect: Connect = createXdrCarrier(() => 'xdr-poll');
