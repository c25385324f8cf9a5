import { AnswerBytes } from './answer-bytes.js';
import { type PageSides, pageSides } from './page-plan.js';
import type { PageAnchor, PageRequest } from './store-answers.js';

/** A page whose rows may not fit into the limit of bytes yet. */
interface Planned {
  /** In rising order. */
  readonly sequences: readonly number[];
}

interface PageMeasure<Plan extends Planned> {
  readonly plan: (sides: PageSides) => Plan;
  /** Returns the bytes of one row. Called from the anchor outwards, at most for one row beyond those that fit on either side. */
  readonly bytesOf: (sequence: number) => number;
}

/**
 * Plans a page whose rows fit into `bytesMax` bytes: those nearest to the anchor, at least one. If the anchor is a
 * sequence in the middle of the page, half of the bytes are reserved for rows above it. The rows up to it may use the
 * other half, and the rows above it may use all bytes that remain.
 */
export function fitPage<Plan extends Planned>(
  { anchor, limit, bytesMax }: Pick<PageRequest, 'anchor' | 'limit' | 'bytesMax'>,
  { plan, bytesOf }: PageMeasure<Plan>,
): Plan {
  const planned = plan(pageSides(anchor, limit));
  if (bytesMax === undefined) return planned;
  const { sequences } = planned;
  const middle = middleOf(anchor);
  const down = sequences.filter((sequence) => sequence <= middle).reverse();
  const up = sequences.filter((sequence) => sequence > middle);
  const kept = down.length > 0 && up.length > 0 ? bytesMax / 2 : 0;
  const bytes = new AnswerBytes(bytesMax - kept);
  const countFitting = (side: readonly number[]): number => {
    const beyond = side.findIndex((sequence) => !bytes.fitsBytes(bytesOf(sequence)));
    return beyond === -1 ? side.length : beyond;
  };
  const below = countFitting(down);
  bytes.extend(kept);
  const above = countFitting(up);
  return below + above === sequences.length ? planned : plan({ below, above });
}

/** Returns the highest sequence that belongs to the lower side of a page. */
function middleOf(anchor: PageAnchor): number {
  if (anchor.at === 'after') return 0;
  return anchor.at === 'around' ? Math.max(anchor.sequence, 1) : Number.POSITIVE_INFINITY;
}
