import type { Random } from './random.js';

/** Bytes of one block. */
const blockBytes = 65_536;

/** Produces message contents in shared blocks of memory, because separate allocations would take most of the time. */
export class Contents {
  /** The unused rest of the block. */
  #free = new Uint8Array(0);
  #block = new Uint8Array(0);

  /** The block that contains the last content and earlier ones. The messages of a real server share memory in this way. */
  get block(): Uint8Array {
    return this.#block;
  }

  /** Returns new bytes, random at the ends and in the middle, and zero elsewhere. `length` is at most 64 kB. */
  next(length: number, random: Random): Uint8Array {
    if (this.#free.length < length) {
      this.#block = new Uint8Array(blockBytes);
      this.#free = this.#block;
    }
    const bytes = this.#free.subarray(0, length);
    this.#free = this.#free.subarray(length);
    for (const place of [0, length >> 1, length - 1]) bytes[place] = random.below(256);
    return bytes;
  }
}

/**
 * Moves the random bytes from the ends and the middle to the offsets 6 to 8, so that a checksum over only the ends and
 * the middle cannot tell two messages apart.
 */
export function makeAlike(bytes: Uint8Array): void {
  let at = 6;
  for (const place of [0, bytes.length >> 1, bytes.length - 1]) {
    bytes[at] = bytes[place] as number;
    bytes[place] = 0x2e;
    at += 1;
  }
}
