import type { MessageRow } from '@everywire/chat';
import { type RowSources, type RowView, viewRow } from './row-view.js';

interface Kept {
  readonly view: RowView;
  readonly receipt: RowSources['receipt'];
  readonly repliesUnread: number;
  /** The quoted row when the view was created. */
  readonly quoted: MessageRow | null | undefined;
}

/**
 * Caches the views of a log's rows. A view stays the same object until one of its sources changes. A new message in a
 * long log therefore costs only one new view, and the page can compare views by identity. Rows with pending changes are
 * not cached.
 */
export class RowViews {
  /** A changed row is a new object, so rows can serve as keys. */
  readonly #kept = new WeakMap<MessageRow, Kept>();

  view(row: MessageRow, sources: RowSources): RowView {
    if (sources.actions.length > 0) return viewRow(row, sources);
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
