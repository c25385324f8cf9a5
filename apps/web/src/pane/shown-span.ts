import type { TimelineRow } from '@everywire/chat-client';

type Gap = Extract<TimelineRow, { readonly type: 'gap' }>;

/** The part of a timeline that the list shows: loaded history without a gap. */
export interface ShownSpan {
  /** The rows, and after them the gap below them if there is one. */
  readonly rows: readonly TimelineRow[];
  /** The gap between these rows and older loaded ones. */
  readonly gapAbove: Gap | null;
  readonly gapBelow: Gap | null;
}

/**
 * Returns the rows between two gaps around a message, so that nobody scrolls across history that is not loaded.
 *
 * @param within the sequence of a message in the span; of a missing one, the next loaded message counts. `null`: the newest span
 */
export function shownSpan(rows: readonly TimelineRow[], within: number | null): ShownSpan {
  const at = within === null ? -1 : rows.findIndex((row) => (sequenceOf(row) ?? -1) >= within);
  const inside = at === -1 ? rows.length : at;
  const above = rows.findLastIndex((row, index) => index < inside && row.type === 'gap');
  const below = rows.findIndex((row, index) => index >= inside && row.type === 'gap');
  return {
    rows: above === -1 && below === -1 ? rows : rows.slice(above + 1, below === -1 ? rows.length : below + 1),
    gapAbove: gapAt(rows, above),
    gapBelow: gapAt(rows, below),
  };
}

/** Returns the sequence of a row; `null` for a gap and for a message that is not sent yet. */
export function sequenceOf(row: TimelineRow): number | null {
  return row.type === 'gap' ? null : row.sequence;
}

function gapAt(rows: readonly TimelineRow[], index: number): Gap | null {
  const row = rows[index];
  return row?.type === 'gap' ? row : null;
}
