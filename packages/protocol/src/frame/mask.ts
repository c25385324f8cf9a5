/** Minimum bytes for which masking four at a time, by a view of words, is cheaper than a loop. */
const WORDS_FROM_BYTES = 96;

const keyBytes: Uint8Array = new Uint8Array(4);
const keyWord: Int32Array = new Int32Array(keyBytes.buffer);

/**
 * Masks or unmasks `bytes[from..to)` in place (RFC 6455 §5.3; both are the same operation).
 *
 * @param key the masking key as one int32, first byte highest.
 * @param phase number of payload bytes before `from`; selects the first key byte to use.
 */
export function applyMask(bytes: Uint8Array, from: number, to: number, key: number, phase: number): void {
  let turned = rotate(key, phase);
  let at = from;
  if (to - from >= WORDS_FROM_BYTES) {
    // A view of words must begin at a multiple of four bytes, so the bytes before it are masked one by one.
    const lead = -(bytes.byteOffset + from) & 3;
    maskBytes(bytes, from, from + lead, turned);
    turned = rotate(turned, lead);
    at += lead;
    const count = (to - at) >> 2;
    maskWords(new Int32Array(bytes.buffer, bytes.byteOffset + at, count), turned);
    at += count << 2;
  }
  maskBytes(bytes, at, to, turned);
}

/** Minimum bytes for which a copy and a pass over words is cheaper than one pass over bytes. */
const COPY_FROM_BYTES = 512;

/**
 * Unmasks `bytes[from..to)` into `target` and leaves the source unchanged. Saves a pass when the result is to be kept.
 *
 * @param key as in `applyMask`, for a payload that begins at `from`.
 * @returns a value below 0x80 only if every byte is ASCII. For 512 bytes and more it is always 0x80.
 */
export function unmaskInto(
  target: Uint8Array,
  at: number,
  bytes: Uint8Array,
  from: number,
  to: number,
  key: number,
): number {
  if (to - from >= COPY_FROM_BYTES) {
    target.set(bytes.subarray(from, to), at);
    applyMask(target, at, at + to - from, key, 0);
    return 0x80;
  }
  const key0 = key >>> 24;
  const key1 = (key >>> 16) & 0xff;
  const key2 = (key >>> 8) & 0xff;
  const key3 = key & 0xff;
  // The bits of all bytes together. The highest bit is set only by a byte that is not ASCII.
  let seen = 0;
  let into = at;
  let next = from;
  for (; next + 3 < to; next += 4, into += 4) {
    const byte0 = bytes[next]! ^ key0;
    const byte1 = bytes[next + 1]! ^ key1;
    const byte2 = bytes[next + 2]! ^ key2;
    const byte3 = bytes[next + 3]! ^ key3;
    target[into] = byte0;
    target[into + 1] = byte1;
    target[into + 2] = byte2;
    target[into + 3] = byte3;
    seen |= byte0 | byte1 | byte2 | byte3;
  }
  if (next < to) seen |= target[into] = bytes[next]! ^ key0;
  if (next + 1 < to) seen |= target[into + 1] = bytes[next + 1]! ^ key1;
  if (next + 2 < to) seen |= target[into + 2] = bytes[next + 2]! ^ key2;
  return seen;
}

function maskBytes(bytes: Uint8Array, from: number, to: number, key: number): void {
  // The key is rotated by a byte each time. Storing a number in a byte array uses only its lowest eight bits.
  let turned = key;
  for (let at = from; at < to; at++) {
    turned = (turned << 8) | (turned >>> 24);
    bytes[at]! ^= turned;
  }
}

function maskWords(words: Int32Array, key: number): void {
  // The key is written as bytes and read as a word, so that the machine's byte order does not matter.
  for (let at = 0; at < 4; at++) keyBytes[at] = key >>> (24 - 8 * at);
  const word = keyWord[0]!;
  for (let at = 0; at < words.length; at++) words[at]! ^= word;
}

/** Rotates the key past `count` bytes of payload. */
function rotate(key: number, count: number): number {
  const bits = (count & 3) * 8;
  return bits === 0 ? key : (key << bits) | (key >>> (32 - bits));
}
