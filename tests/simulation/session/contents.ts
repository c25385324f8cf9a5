import type { Random } from './random.js';

const blockBytes = 65_536;

/** Produces message contents from shared blocks: otherwise allocation would dominate the simulator's time. */
export class Contents {
  #free = new Uint8Array(0);
  #block = new Uint8Array(0);

  /** The block that holds the last content and others before it, as messages of one server share memory. */
  get block(): Uint8Array {
    return this.#block;
  }

  /** Returns bytes that no other message has, random at three places. At most 64 kB. */
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

/** Moves the random bytes to where a checksum over only the ends and the middle does not see them. */
export function makeAlike(bytes: Uint8Array): void {
  let at = 6;
  for (const place of [0, bytes.length >> 1, bytes.length - 1]) {
    bytes[at] = bytes[place] as number;
    bytes[place] = 0x2e;
    at += 1;
  }
}
