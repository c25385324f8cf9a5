import { toBytes } from './bytes.js';

const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Encodes bytes as standard base64 with padding (RFC 4648 section 4). */
export function encodeBase64(bytes: ArrayLike<number>): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    // The operators `<<` and `|` treat `undefined`, the values after the end, as 0.
    const bits = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
    for (let sign = 0; sign < 4; sign++)
      text += at + sign > bytes.length ? '=' : SIGNS.charAt((bits >> (18 - 6 * sign)) & 63);
  }
  return text;
}

/** Decodes base64. Returns `null` unless it is canonical, that is, equal to the encoding of the result. */
export function decodeBase64(text: string): Uint8Array | null {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 4) {
    let bits = 0;
    for (let sign = 0; sign < 4; sign++) bits = (bits << 6) | (SIGNS.indexOf(text.charAt(at + sign)) & 63);
    bytes.push(bits >> 16, (bits >> 8) & 255, bits & 255);
  }
  const padding = text.slice(-2).replace(/[^=]/g, '').length;
  bytes.length -= Math.min(bytes.length, padding);
  return encodeBase64(bytes) === text ? toBytes(bytes) : null;
}
