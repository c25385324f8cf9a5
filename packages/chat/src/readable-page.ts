import type { PageAnchor } from './store-answers.js';
import type { VisibleRange } from './visibility.js';

/** The sequences that a page reads, rising, and the range that it covers if all of them are readable. */
export interface WantedPage {
  readonly sequences: readonly number[];
  readonly covers: VisibleRange | null;
}

/** The range that a page covers, and the unreadable sequences next to it (CH-37). */
export interface ReadablePage {
  readonly covers: VisibleRange | null;
  /** Rising and disjoint. */
  readonly damaged: readonly VisibleRange[];
}

/**
 * Limits a page to readable rows, if the storage cannot read some of them (CH-37). `covers` becomes the first readable
 * range from the anchor on, with adjacent invisible sequences. `damaged` contains the unreadable ranges at its ends.
 * Therefore `covers` never includes a row that is missing, and the next page continues beyond the damage. If no
 * sequence is readable, `covers` is `null`.
 */
export function coverReadable(
  wanted: WantedPage,
  anchor: PageAnchor,
  isReadable: (sequence: number) => boolean,
): ReadablePage {
  const { sequences, covers } = wanted;
  if (covers === null || sequences.every(isReadable)) return { covers, damaged: [] };
  if (anchor.at === 'after') return walkUp(wanted, isReadable);
  if (anchor.at !== 'around') return walkDown(wanted, isReadable);
  const middle = Math.min(Math.max(anchor.sequence, covers[0]), covers[1]);
  const below = walkDown(part(wanted, [covers[0], middle]), isReadable);
  const above = walkUp(part(wanted, [middle + 1, covers[1]]), isReadable);
  const damaged = joinSpans([...below.damaged, ...above.damaged]);
  return { covers: joinCovers(below.covers, above.covers), damaged };
}

/** Returns the part of a page within a range; an empty page if the range is empty. */
function part({ sequences }: WantedPage, [low, high]: VisibleRange): WantedPage {
  return {
    sequences: sequences.filter((sequence) => sequence >= low && sequence <= high),
    covers: low > high ? null : [low, high],
  };
}

/** Limits a page whose anchor is below it: looks for readable sequences from the lowest one upwards. */
function walkUp({ sequences, covers }: WantedPage, isReadable: (sequence: number) => boolean): ReadablePage {
  if (covers === null) return { covers, damaged: [] };
  const [low, high] = covers;
  const first = sequences.findIndex(isReadable);
  const last = sequences.at(-1);
  if (last === undefined) return { covers, damaged: [] };
  if (first === -1) return { covers: null, damaged: [[low, last]] };
  const before = sequences[first - 1];
  const start = before === undefined ? low : before + 1;
  const damaged: readonly VisibleRange[] = before === undefined ? [] : [[low, before]];
  const missing = sequences.find((sequence, index) => index > first && !isReadable(sequence));
  if (missing === undefined) return { covers: [start, high], damaged };
  const beyond = sequences.findIndex((sequence) => sequence > missing && isReadable(sequence));
  const end = sequences[beyond - 1] ?? last;
  return { covers: [start, missing - 1], damaged: [...damaged, [missing, end]] };
}

/**
 * Same as `walkUp` from the other end, for an anchor above the page. Negates all sequences, so that `walkUp` can do the
 * work.
 */
function walkDown({ sequences, covers }: WantedPage, isReadable: (sequence: number) => boolean): ReadablePage {
  const up = walkUp(
    { sequences: sequences.map((sequence) => -sequence).reverse(), covers: mirror(covers) },
    (sequence) => isReadable(-sequence),
  );
  return { covers: mirror(up.covers), damaged: up.damaged.map(([low, high]): VisibleRange => [-high, -low]).reverse() };
}

function mirror(span: VisibleRange | null): VisibleRange | null {
  return span && [-span[1], -span[0]];
}

/** Joins adjacent ranges; returns the upper one if damage lies between them. */
function joinCovers(below: VisibleRange | null, above: VisibleRange | null): VisibleRange | null {
  if (below === null || above === null) return below ?? above;
  return below[1] + 1 === above[0] ? [below[0], above[1]] : above;
}

/** Joins adjacent ranges. `spans` must be rising. */
function joinSpans(spans: readonly VisibleRange[]): readonly VisibleRange[] {
  const joined: VisibleRange[] = [];
  for (const [low, high] of spans) {
    const last = joined.at(-1);
    if (last !== undefined && last[1] + 1 === low) joined.splice(-1, 1, [last[0], high]);
    else joined.push([low, high]);
  }
  return joined;
}
