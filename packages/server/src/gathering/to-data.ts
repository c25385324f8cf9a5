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
  if (typeof data === 'string' || data instanceof Uint8Array) return data;
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  // Checks the name of the class, to recognise an `ArrayBuffer` of another realm (such as a `vm` context).
  const name = Object.prototype.toString.call(data).slice(8, -1);
  if (/^(Shared)?ArrayBuffer$/.test(name)) return new Uint8Array(data);
  throw new NotDataError(`${call} takes a string, an ArrayBuffer or a view; got ${name}. JSON.stringify it`);
}
