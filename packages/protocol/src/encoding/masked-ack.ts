import type { AckRecord, FromRecord } from '../record.js';

/** The text between the numbers of an `ack`, in the order in which our clients write it, and of a `from`. */
const PARTS: readonly Uint8Array[] = [
  '\0{"t":"ack","ack":',
  ',"received":',
  ',"seen":',
  ',"sent":',
  ',"sum":',
  '}',
  '\0{"t":"from","first":',
].map((text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
/** Maximum digits for which every number is below 2^53. */
const DIGITS_MAX = 15;

/** Current read offset. Shared by all calls, because reading is not re-entrant. */
let at = 0;

/**
 * Reads an `ack` or `from` record from the masked payload of a text frame in place, without unmasking it first. Clients
 * that only subscribe send little else: `ack` acknowledges messages, and `from` confirms a session that was opened in a
 * handshake. Decoding, parsing and checking each of them would cost a server more than sending its messages.
 *
 * @param key the masking key as one int32, for a payload that begins at `from`.
 * @returns `null` unless the record has the common form of our clients; it may still be valid.
 */
export function readMaskedAck(bytes: Uint8Array, from: number, to: number, key: number): AckRecord | FromRecord | null {
  at = from;
  if (!skip(0, bytes, from, to, key)) return readFrom(bytes, from, to, key);
  const ack = readNumber(bytes, from, to, key);
  if (!skip(1, bytes, from, to, key)) return null;
  const received = readNumber(bytes, from, to, key);
  if (!skip(2, bytes, from, to, key)) return null;
  const seen = readNumber(bytes, from, to, key);
  if (!skip(3, bytes, from, to, key)) return null;
  const sent = readNumber(bytes, from, to, key);
  if (!skip(4, bytes, from, to, key)) return null;
  const sum = readNumber(bytes, from, to, key);
  if (!skip(5, bytes, from, to, key) || at !== to) return null;
  if (ack < 0 || received < 0 || seen < 0 || sent < 0 || sum < 0) return null;
  return { t: 'ack', ack, received, seen, sent, sum };
}

function readFrom(bytes: Uint8Array, from: number, to: number, key: number): FromRecord | null {
  at = from;
  if (!skip(6, bytes, from, to, key)) return null;
  const first = readNumber(bytes, from, to, key);
  return skip(5, bytes, from, to, key) && at === to && first >= 0 ? { t: 'from', first } : null;
}

/** Returns the unmasked byte at `at`. */
function byteAt(bytes: Uint8Array, from: number, key: number): number {
  return (bytes[at] as number) ^ ((key >>> (24 - 8 * ((at - from) & 3))) & 0xff);
}

/** Moves `at` behind this part. @returns false if other bytes are there */
function skip(part: number, bytes: Uint8Array, from: number, to: number, key: number): boolean {
  const letters = PARTS[part] as Uint8Array;
  if (to - at < letters.length) return false;
  for (let letter = 0; letter < letters.length; letter++, at++) {
    if (byteAt(bytes, from, key) !== letters[letter]) return false;
  }
  return true;
}

/** Reads a whole number. Returns -1 if it is no canonical JSON number or has too many digits. */
function readNumber(bytes: Uint8Array, from: number, to: number, key: number): number {
  const start = at;
  let value = 0;
  for (; at < to; at++) {
    const digit = byteAt(bytes, from, key) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  const digits = at - start;
  const leadingZero = digits > 1 && value < 10 ** (digits - 1);
  return digits === 0 || digits > DIGITS_MAX || leadingZero ? -1 : value;
}
