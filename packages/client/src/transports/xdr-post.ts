import type { Connect } from '../transport.js';
import { createXdrCarrier } from './xdr-carrier.js';

/** Posts one body and reads one record as its answer, like `fallback.ts`. */
export const connect: Connect = createXdrCarrier(({ head }) => (head?.t === 'open' ? 'xdr-open' : 'xdr-up'));
