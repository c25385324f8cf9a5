import type { WantedTokens } from './search.js';

/** Messages of one block: what one filter stands for, and what is read where it says yes. Part of the version: filters go by it. */
export const BLOCK_MESSAGES = 128;

/** The block of a sequence, from 0. */
export function blockOf(sequence: number): number {
  return Math.floor((sequence - 1) / BLOCK_MESSAGES);
}

/** About 1 % of the blocks that lack a token are read in vain. */
const BITS_PER_TOKEN = 10;
/** Bits that a token sets: `(first + round * step) mod 2^32 mod` the filter's bits, for as many rounds from 0. Bit 0 is the lowest of the first byte. */
export const FILTER_HASHES = 5;
const BITS_MIN = 64;

/** A Bloom filter: whatever went in is found again; of what did not, about one in a hundred is found as well. */
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

/** A token as a filter is asked for it; both are below 2^32. */
export interface HashedToken {
  readonly first: number;
  readonly step: number;
}

/** The question whether a block may hold what is wanted, hashed once for all blocks; `null` where no filter could say no. */
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

/** FNV-1a with a finish that mixes all bits; the second hash is derived from the first and odd. */
export function hashToken(token: string): HashedToken {
  let mixed = 2_166_136_261;
  for (let index = 0; index < token.length; index += 1) {
    mixed = Math.imul(mixed ^ token.charCodeAt(index), 16_777_619);
  }
  mixed = Math.imul(mixed ^ (mixed >>> 15), 2_246_822_507);
  mixed = (mixed ^ (mixed >>> 13)) >>> 0;
  return { first: mixed, step: (Math.imul(mixed, 0x9e3779b1) >>> 0) | 1 };
}
