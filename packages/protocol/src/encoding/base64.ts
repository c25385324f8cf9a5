const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Maps a character code to its six bits, or to 64 if the character is not in the alphabet. */
const SIX_BITS: Uint8Array = new Uint8Array(128).fill(64);
for (let at = 0; at < 64; at++) SIX_BITS[ALPHABET.charCodeAt(at)] = at;

/** Encodes bytes as standard base64 with padding (RFC 4648 §4). */
export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const bits = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text += ALPHABET.charAt(bits >> 18) + ALPHABET.charAt((bits >> 12) & 63);
    text += left > 1 ? ALPHABET.charAt((bits >> 6) & 63) : '=';
    text += left > 2 ? ALPHABET.charAt(bits & 63) : '=';
  }
  return text;
}

/** Decodes base64. Returns `null` unless it has full padding, no other characters, and only zeros as unused bits. */
export function decodeBase64(text: string): Uint8Array | null {
  const { length } = text;
  if (length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((length / 4) * 3 - padding);
  let bits = 0;
  let bitCount = 0;
  let used = 0;
  for (let at = 0; at < length - padding; at++) {
    const six = SIX_BITS[text.charCodeAt(at)] ?? 64;
    if (six === 64) return null;
    bits = ((bits << 6) | six) & 0xffff;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    bytes[used++] = (bits >> bitCount) & 0xff;
  }
  return (bits & ((1 << bitCount) - 1)) === 0 ? bytes : null;
}
