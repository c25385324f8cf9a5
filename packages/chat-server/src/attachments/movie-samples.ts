import { type Box, type BoxWalk, MovieUnreadable } from './movie-boxes.js';
import type { WindowedFile } from './windowed-file.js';

/** Bytes of one number in a table. */
const WORD_BYTES = 4;
/** Bytes of the version and flags at the start of a table. */
const FLAG_BYTES = 4;
/** Bytes of one entry of `stsc`: the first chunk of a run, the samples per chunk, and the index of their description. */
const RUN_BYTES = 12;

/** Returns the first box of a type directly within another box; `null` if there is none. */
export function findBox(walk: BoxWalk, within: Box, type: string): Box | null {
  for (const box of walk.within(within)) if (box.type === type) return box;
  return null;
}

/** A table of 32-bit numbers within a box (ISO 14496-12 section 8.7). */
class Table {
  readonly #file: WindowedFile;
  readonly #from: number;
  readonly #end: number;

  constructor(file: WindowedFile, box: Box) {
    this.#file = file;
    this.#from = box.at + box.head + FLAG_BYTES;
    this.#end = box.at + box.size;
  }

  /** Returns the number that lies `at` bytes after the flags. Throws `MovieUnreadable` if it lies past the end of the box. */
  word(at: number): number {
    if (this.#from + at + WORD_BYTES > this.#end) throw new MovieUnreadable('A sample table is truncated.');
    return this.#file.peek(this.#from + at, WORD_BYTES).readUInt32BE();
  }
}

/**
 * Plans to blank all samples (frames) of a track, wherever they lie in the file. Throws `MovieUnreadable` if the tables
 * of the track do not locate its samples.
 *
 * Samples are stored in chunks. The table `stco` (`co64` if 64-bit) lists the offset of each chunk, `stsc` the number of
 * samples per chunk, and `stsz` the length of each sample.
 */
export function blankSamples(file: WindowedFile, walk: BoxWalk, track: Box): void {
  const tables = ['mdia', 'minf', 'stbl'].reduce((box, type) => existing(findBox(walk, box, type)), track);
  const long = findBox(walk, tables, 'co64');
  const offsets = new Table(file, long ?? existing(findBox(walk, tables, 'stco')));
  const runs = runsOf(new Table(file, existing(findBox(walk, tables, 'stsc'))));
  const lengthOf = lengthsOf(new Table(file, existing(findBox(walk, tables, 'stsz'))));
  const chunks = offsets.word(0);
  for (let chunk = 1; chunk <= chunks; chunk += 1) {
    const at =
      long === null
        ? offsets.word(chunk * WORD_BYTES)
        : offsets.word((chunk * 2 - 1) * WORD_BYTES) * 2 ** 32 + offsets.word(chunk * 2 * WORD_BYTES);
    if (!file.blank(at, lengthOf(runs(chunk))))
      throw new MovieUnreadable('The samples lie in too many places, or outside the file.');
  }
}

/** Returns the box. Throws `MovieUnreadable` if it is null. */
function existing(box: Box | null): Box {
  if (box === null) throw new MovieUnreadable('A track has no sample table.');
  return box;
}

/**
 * Returns a function that returns the number of samples in a chunk. The caller must call it for each chunk, in ascending
 * order. The table lists runs: consecutive chunks with an equal number of samples.
 */
function runsOf(table: Table): (chunk: number) => number {
  const count = table.word(0);
  const begin = (run: number): number => table.word(WORD_BYTES + run * RUN_BYTES);
  let run = 0;
  return (chunk) => {
    while (run + 1 < count && begin(run + 1) <= chunk) run += 1;
    return table.word(WORD_BYTES + run * RUN_BYTES + WORD_BYTES);
  };
}

/** Returns a function that returns the total bytes of the next `samples` samples, after those of its previous calls. */
function lengthsOf(table: Table): (samples: number) => number {
  // If all samples have an equal length, the table states only that length.
  const [equal, count] = [table.word(0), table.word(WORD_BYTES)];
  let next = 0;
  return (samples) => {
    if (next + samples > count) throw new MovieUnreadable('A chunk refers to more samples than the track has.');
    const end = next + samples;
    if (equal > 0) {
      next = end;
      return samples * equal;
    }
    let length = 0;
    for (; next < end; next += 1) length += table.word((2 + next) * WORD_BYTES);
    return length;
  };
}
