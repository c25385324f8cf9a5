import type { MessageRowView, Timeline } from '@everywire/chat-client';
import type { KeyPress } from './enter-key.js';

/** The upper arrow alone. */
export function asksForLast(press: KeyPress): boolean {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = press;
  return key === 'ArrowUp' && !(shiftKey || ctrlKey || metaKey || altKey);
}

/** Edits the last of one's own messages that can be said otherwise, if there is one. */
export function editLast(timeline: Timeline, onEdit: (row: MessageRowView) => void): void {
  const { rows } = timeline.getSnapshot();
  const last = rows.findLast(
    (row) => row.type === 'message' && row.own && row.sequence !== null && row.forwarded === null,
  );
  if (last?.type === 'message') onEdit(last);
}
