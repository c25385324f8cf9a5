import { platform } from './platform.js';

/** A source of bytes, including typed arrays if the platform has them. */
export type ByteSource = ArrayBuffer | ArrayLike<number>;

/** Copies bytes, so that the caller may continue to use the memory. @throws TypeError if the value holds no bytes */
export function toBytes(source: ByteSource): Uint8Array {
  const { length, byteLength = length } = Object(source) as { length?: unknown; byteLength?: unknown };
  if (byteLength === undefined) throw new TypeError('send takes text or bytes');
  const { Uint8Array: Typed } = platform;
  if (Typed) return new Typed(source as ArrayBuffer);
  const bytes: number[] = [];
  for (const byte of source as ArrayLike<number> as number[]) bytes.push(byte & 255);
  return bytes as unknown as Uint8Array;
}
