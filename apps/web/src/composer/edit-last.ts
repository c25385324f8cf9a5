import type { MessageRowView, Timeline } from '@everywire/chat-client';
import type { KeyPress } from './enter-key.js';

/** Returns whether the key is ArrowUp without modifiers. */
export function isEditLastKey(press: KeyPress): boolean {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = press;
  return key === 'ArrowUp' && !(shiftKey || ctrlKey || metaKey || altKey);
}

/** Begins to edit the user's last message that can be edited, if there is one. */
export function editLast(timeline: Timeline, onEdit: (row: MessageRowView) => void): void {
  const { rows } = timeline.getSnapshot();
  const last = rows.findLast(
    (row) => row.type === 'message' && row.own && row.sequence !== null && row.forwarded === null,
  );
  if (last?.type === 'message') onEdit(last);
}
