import type { WindowedFile } from './windowed-file.js';

/** A box of ISO 14496-12: where it begins in the file, how long it is with its head, and how long that head is. */
export interface Box {
  readonly type: string;
  readonly at: number;
  readonly size: number;
  readonly head: number;
}

/** What a movie tells of itself cannot be found out within the limits. */
export class MovieUnknown extends Error {}

const shortHead = 8;
const longHead = 16;

/** Walks over the boxes of one movie, at most `boxesMax` in all; then it throws `MovieUnknown`. */
export class BoxWalk {
  readonly #file: WindowedFile;
  #left: number;

  constructor(file: WindowedFile, boxesMax: number) {
    this.#file = file;
    this.#left = boxesMax;
  }

  /** The boxes side by side from `from` to `to`. Ends at the first that does not fit: every step forward is at least a head. */
  *between(from: number, to: number): Generator<Box> {
    for (let at = from; at + shortHead <= to; ) {
      const box = boxAt(this.#file.peek(at, longHead), at, to);
      if (box === null) return;
      if (this.#left === 0) throw new MovieUnknown('It has too many boxes.');
      this.#left -= 1;
      yield box;
      at += box.size;
    }
  }

  within(box: Box): Generator<Box> {
    return this.between(box.at + box.head, box.at + box.size);
  }
}

function boxAt(bytes: Buffer, at: number, end: number): Box | null {
  if (bytes.length < shortHead) return null;
  const type = bytes.toString('latin1', 4, shortHead);
  const told = bytes.readUInt32BE(0);
  const long = told === 1 && bytes.length === longHead;
  const head = long ? longHead : shortHead;
  const size = long ? Number(bytes.readBigUInt64BE(shortHead)) : told === 0 ? end - at : told;
  return size < head || at + size > end ? null : { type, at, size, head };
}
