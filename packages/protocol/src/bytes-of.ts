/**
 * Returns the bytes of a buffer or of a view, of any realm (such as a `vm` context or jest's sandbox), without a copy;
 * `null` for any other value.
 */
export function bytesOf(value: unknown): Uint8Array | null {
  if (ArrayBuffer.isView(value)) {
    if ((value as Uint8Array)[Symbol.toStringTag] === 'Uint8Array') return value as Uint8Array;
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  // Only what has a length can be a buffer; the name of the class costs more to read.
  if (typeof (value as { byteLength?: unknown } | null | undefined)?.byteLength !== 'number') return null;
  const isBuffer = /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));
  return isBuffer ? new Uint8Array(value as ArrayBuffer) : null;
}
