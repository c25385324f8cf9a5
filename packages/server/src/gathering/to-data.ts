import { bytesOf } from '@everywire/protocol/internal';
import type { SendData } from '../wire-session.js';

/**
 * Thrown if the application sent a value that is neither text nor bytes. The error names only the type of the value.
 */
export class NotDataError extends TypeError {}

/**
 * Returns the application's data as text or bytes, without a copy.
 *
 * @param call the called function, for the error text
 * @throws NotDataError for any other type
 */
export function toData(data: SendData, call: string): string | Uint8Array {
  if (typeof data === 'string') return data;
  const bytes = bytesOf(data);
  if (bytes !== null) return bytes;
  const name = Object.prototype.toString.call(data).slice(8, -1);
  throw new NotDataError(`${call} takes a string, an ArrayBuffer or a view; got ${name}. JSON.stringify it`);
}
