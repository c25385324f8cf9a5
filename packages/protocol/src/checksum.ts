// The constants of xxHash32.
const PRIME_1 = 0x9e3779b1;
const PRIME_2 = 0x85ebca77;
const PRIME_3 = 0xc2b2ae3d;
const PRIME_4 = 0x27d4eb2f;
const PRIME_5 = 0x165667b1;

/**
 * Factor of the running checksum of a session, which detects lost, repeated and swapped messages. A swap of two
 * neighbours is detected with 30 of 32 bits. With the usual factor 31 it would be 31 bits, but only 25 for a swap of
 * messages that are four apart.
 */
export const SUM_FACTOR: number = PRIME_3;

/** Adds the hash of the next message to the running checksum of a direction (SN-5). @returns an int32 */
export function addToSum(sum: number, hash: number): number {
  return (Math.imul(sum, SUM_FACTOR) + hash) | 0;
}

/**
 * Computes xxHash32 (https://github.com/Cyan4973/xxHash, `doc/xxhash_spec.md`) of `length` bytes from `from` on.
 *
 * @returns an int32; its unsigned value is the published one
 */
export function xxHash32(bytes: ArrayLike<number>, from: number, length: number, seed: number): number {
  const end = from + length;
  let at = from;
  let hash = seed + PRIME_5;
  if (length > 15) {
    let one = (seed + PRIME_1 + PRIME_2) | 0;
    let two = (seed + PRIME_2) | 0;
    let three = seed;
    let four = (seed - PRIME_1) | 0;
    for (; at <= end - 16; at += 16) {
      one = mixWord(one, PRIME_2, wordAt(bytes, at), 13, PRIME_1);
      two = mixWord(two, PRIME_2, wordAt(bytes, at + 4), 13, PRIME_1);
      three = mixWord(three, PRIME_2, wordAt(bytes, at + 8), 13, PRIME_1);
      four = mixWord(four, PRIME_2, wordAt(bytes, at + 12), 13, PRIME_1);
    }
    hash = rotateLeft(one, 1) + rotateLeft(two, 7) + rotateLeft(three, 12) + rotateLeft(four, 18);
  }
  hash += length;
  for (; at <= end - 4; at += 4) hash = mixWord(hash, PRIME_3, wordAt(bytes, at), 17, PRIME_4);
  for (; at < end; at += 1) hash = mixWord(hash, PRIME_5, bytes[at] as number, 11, PRIME_1);
  hash = Math.imul(hash ^ (hash >>> 15), PRIME_2);
  hash = Math.imul(hash ^ (hash >>> 13), PRIME_3);
  return hash ^ (hash >>> 16);
}

function mixWord(hash: number, factor: number, word: number, bits: number, then: number): number {
  return Math.imul(rotateLeft((hash + Math.imul(word, factor)) | 0, bits), then);
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** Reads four bytes as a little-endian word. */
function wordAt(bytes: ArrayLike<number>, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}
