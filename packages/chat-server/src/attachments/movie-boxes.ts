import type { WindowedFile } from './windowed-file.js';

/**
 * A box of an MP4 or QuickTime movie (ISO 14496-12): its position in the file, its length including its header, and the
 * length of the header, all in bytes.
 */
export interface Box {
  readonly type: string;
  readonly at: number;
  readonly size: number;
  readonly head: number;
}

/** Thrown if the metadata of a movie cannot be located within the limits. */
export class MovieUnreadable extends Error {}

/** Header length: 4 bytes for the length of the box and 4 for its type. */
const SHORT_HEAD = 8;
/** Length of a header with a 64-bit length, which follows the type. The 32-bit length is then 1. */
const LONG_HEAD = 16;

/** Iterates over the boxes of one movie. Throws `MovieUnreadable` after `boxesMax` boxes in total. */
export class BoxWalk {
  readonly #file: WindowedFile;
  #remaining: number;

  constructor(file: WindowedFile, boxesMax: number) {
    this.#file = file;
    this.#remaining = boxesMax;
  }

  /**
   * Yields the sibling boxes from offset `from` to offset `to`. Stops at the first box that extends past `to`. Always
   * terminates, because each step advances by at least the length of a header.
   */
  *between(from: number, to: number): Generator<Box> {
    for (let at = from; at + SHORT_HEAD <= to; ) {
      const box = boxAt(this.#file.peek(at, LONG_HEAD), at, to);
      if (box === null) return;
      if (this.#remaining === 0) throw new MovieUnreadable('The movie has too many boxes.');
      this.#remaining -= 1;
      yield box;
      at += box.size;
    }
  }

  /** Yields the boxes directly within a box. */
  within(box: Box): Generator<Box> {
    return this.between(box.at + box.head, box.at + box.size);
  }
}

/** Parses the header of a box. Returns null if the header is incomplete or the box extends past `end`. */
function boxAt(bytes: Buffer, at: number, end: number): Box | null {
  if (bytes.length < SHORT_HEAD) return null;
  const type = bytes.toString('latin1', 4, SHORT_HEAD);
  const stated = bytes.readUInt32BE(0);
  const long = stated === 1 && bytes.length === LONG_HEAD;
  const head = long ? LONG_HEAD : SHORT_HEAD;
  // A stated length of 0 means that the box extends to the end of its parent.
  const size = long ? Number(bytes.readBigUInt64BE(SHORT_HEAD)) : stated === 0 ? end - at : stated;
  return size < head || at + size > end ? null : { type, at, size, head };
}
