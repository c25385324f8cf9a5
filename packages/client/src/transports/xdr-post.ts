import type { Connect } from '../transport.js';
import { createXdrCarrier } from './xdr-carrier.js';

/** One body up, one record as its answer, as `fallback.ts` does it by fetch. */
export const connect: Connect = createXdrCarrier(({ head }) => (head?.t === 'open' ? 'xdr-open' : 'xdr-up'));
