import type { Random } from './random.js';

const blockBytes = 65_536;

/** Content for messages, out of blocks: else most of the simulator's time would go into making room for it. */
export class Contents {
  #free = new Uint8Array(0);
  #block = new Uint8Array(0);

  /** What the last content lies in, with others before it: as messages of one server lie in its memory. */
  get block(): Uint8Array {
    return this.#block;
  }

  /** Bytes that no other message has, with chance at three places. At most 64 kB. */
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

/** Moves what is by chance to where a checksum that looks at the ends and the middle alone does not see it. */
export function makeAlike(bytes: Uint8Array): void {
  let at = 6;
  for (const place of [0, bytes.length >> 1, bytes.length - 1]) {
    bytes[at] = bytes[place] as number;
    bytes[place] = 0x2e;
    at += 1;
  }
}
