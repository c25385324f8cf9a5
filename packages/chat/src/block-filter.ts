import type { WantedTokens } from './search.js';

/**
 * Number of messages in one block. Each block has one Bloom filter, which says which search terms may occur in it. If
 * the filter matches, the whole block is read. Stored filters depend on this number. A store therefore keeps it as a
 * part of its version, and builds all filters again after a change.
 */
export const BLOCK_MESSAGES = 128;

/** Returns the number of the block that contains a sequence. Blocks are numbered from 0, sequences from 1. */
export function blockOf(sequence: number): number {
  return Math.floor((sequence - 1) / BLOCK_MESSAGES);
}

/** Bits of a filter for each token. With 10 bits, about 1 % of the filters match a token that the block lacks. */
const BITS_PER_TOKEN = 10;
/**
 * Number of bits that a token sets. For each `round` from 0, the bit has the number `(first + round * step) mod 2^32
 * mod` the number of bits in the filter. Bit 0 is the lowest of the first byte.
 */
export const FILTER_HASHES = 5;
/** Minimum bits of a filter. */
const BITS_MIN = 64;

/** Builds a Bloom filter. Each of the tokens matches it, and so does about one in a hundred other tokens. */
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

/** The hash of a token, from which its bits in a filter are computed. Both numbers are below 2^32. */
export interface HashedToken {
  readonly first: number;
  readonly step: number;
}

/**
 * Returns a function that tests, by a filter, whether a block may contain a match. Hashes the tokens once for all
 * blocks. Returns `null` if there are no tokens, so that no filter could exclude a block.
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

/**
 * Returns the hash of a token. `first` is FNV-1a, followed by steps that let each bit of the hash depend on all bits of
 * the token. `step` is derived from `first`. It is odd and the size of a filter is even, so two consecutive rounds
 * never reach the same bit.
 */
export function hashToken(token: string): HashedToken {
  let mixed = 2_166_136_261;
  for (let index = 0; index < token.length; index += 1) {
    mixed = Math.imul(mixed ^ token.charCodeAt(index), 16_777_619);
  }
  mixed = Math.imul(mixed ^ (mixed >>> 15), 2_246_822_507);
  mixed = (mixed ^ (mixed >>> 13)) >>> 0;
  return { first: mixed, step: (Math.imul(mixed, 0x9e3779b1) >>> 0) | 1 };
}
