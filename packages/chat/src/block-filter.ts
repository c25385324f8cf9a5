import type { WantedTokens } from './search.js';

/**
 * Messages of one block: the range of one filter, and what is read if the filter matches. Part of the version, because stored
 * filters depend on it.
 */
export const BLOCK_MESSAGES = 128;

/** Returns the block of a sequence, starting at 0. */
export function blockOf(sequence: number): number {
  return Math.floor((sequence - 1) / BLOCK_MESSAGES);
}

/** With this, about 1 % of the blocks without a token match falsely. */
const BITS_PER_TOKEN = 10;
/**
 * Bits that a token sets: `(first + round * step) mod 2^32 mod` the filter's bits, for this many rounds from 0. Bit 0 is the
 * lowest of the first byte.
 */
export const FILTER_HASHES = 5;
const BITS_MIN = 64;

/** Builds a Bloom filter: each of the tokens matches, and about one in a hundred other tokens matches too. */
export function buildFilter(tokens: ReadonlySet<string>): Uint8Array<ArrayBuffer> {
  const size = Math.max(BITS_MIN, Math.ceil((tokens.size * BITS_PER_TOKEN) / 8) * 8);
  const bits = new Uint8Array(size / 8);
  for (const token of tokens) {
    const { first, step } = hashToken(token);
    for (let round = 0; round < FILTER_HASHES; round += 1) {
      const bit = ((first + round * step) >>> 0) % size;
      bits[bit >> 3] = (bits[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
  }
  return bits;
}

/** The hash of a token for testing filters; both numbers are below 2^32. */
export interface HashedToken {
  readonly first: number;
  readonly step: number;
}

/**
 * Compiles the test of whether a block may contain what is wanted, hashing the tokens once for all blocks. Returns `null` if no
 * filter could exclude a block.
 */
export function compileFilterTest({ all, any }: WantedTokens): ((bits: Uint8Array) => boolean) | null {
  if (all.length === 0 && any.length === 0) return null;
  const each = all.map(hashToken);
  const some = any.map(hashToken);
  return (bits) =>
    each.every((token) => has(bits, token)) && (some.length === 0 || some.some((token) => has(bits, token)));
}

function has(bits: Uint8Array, { first, step }: HashedToken): boolean {
  const size = bits.length * 8;
  for (let round = 0; round < FILTER_HASHES; round += 1) {
    const bit = ((first + round * step) >>> 0) % size;
    if (((bits[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}

/** Returns FNV-1a with a finish that mixes all bits; the second hash is derived from the first and odd. */
export function hashToken(token: string): HashedToken {
  let mixed = 2_166_136_261;
  for (let index = 0; index < token.length; index += 1) {
    mixed = Math.imul(mixed ^ token.charCodeAt(index), 16_777_619);
  }
  mixed = Math.imul(mixed ^ (mixed >>> 15), 2_246_822_507);
  mixed = (mixed ^ (mixed >>> 13)) >>> 0;
  return { first: mixed, step: (Math.imul(mixed, 0x9e3779b1) >>> 0) | 1 };
}
