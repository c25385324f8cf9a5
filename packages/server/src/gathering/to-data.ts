import type { SendData } from '../wire-session.js';

/** What the application gave to be sent is not data. Its message names the kind of it alone, never the content. */
export class NotDataError extends TypeError {}

/**
 * Returns what the application gives to be sent as text or bytes, which are not copied.
 *
 * @param call what it was given to, for the words of the error
 * @throws NotDataError where it is neither
 */
export function toData(data: SendData, call: string): string | Uint8Array {
  if (typeof data === 'string' || data instanceof Uint8Array) return data;
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  // By its name, so that one of another realm is one too.
  const name = Object.prototype.toString.call(data).slice(8, -1);
  if (/^(Shared)?ArrayBuffer$/.test(name)) return new Uint8Array(data);
  throw new NotDataError(`${call} takes a string, an ArrayBuffer or a view; got ${name}. JSON.stringify it`);
}
