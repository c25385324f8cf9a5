import type { MessageRow } from '@everywire/chat';
import { type RowSources, type RowView, viewRow } from './row-view.js';

interface Kept {
  readonly view: RowView;
  readonly receipt: RowSources['receipt'];
  readonly repliesUnread: number;
  /** The row that is quoted, as it was. */
  readonly quoted: MessageRow | null | undefined;
}

/**
 * Views of a log's rows. One keeps its identity while nothing that it is made of changed, so that a message in a log of thousands costs one view and
 * whoever draws can compare by identity. What the server has not taken yet is viewed anew each time.
 */
export class RowViews {
  /** A row is never changed, only replaced. */
  readonly #kept = new WeakMap<MessageRow, Kept>();

  view(row: MessageRow, sources: RowSources): RowView {
    if (sources.deeds.length > 0) return viewRow(row, sources);
    const { receipt, repliesUnread } = sources;
    const quoted = row.quote === undefined ? null : sources.quoted(row.quote.sequence);
    const kept = this.#kept.get(row);
    if (
      kept !== undefined &&
      kept.quoted === quoted &&
      kept.repliesUnread === repliesUnread &&
      isSameReceipt(kept.receipt, receipt)
    )
      return kept.view;
    const view = viewRow(row, sources);
    this.#kept.set(row, { view, receipt, repliesUnread, quoted });
    return view;
  }
}

function isSameReceipt(a: Kept['receipt'], b: Kept['receipt']): boolean {
  if (a === null || b === null || a.state !== b.state) return a === b;
  return a.state !== 'read' || b.state !== 'read' || a.count === b.count;
}
