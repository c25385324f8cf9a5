import type { FileName } from './files.js';
import type { Message, MessageMarks } from './message.js';
import type { MessageRow } from './views.js';

/**
 * Returns a message in the form that is the same for all receivers. Omits fields that only the sender's client needs or
 * that depend on the viewer (CH-7).
 */
export function messageRow(message: Message): MessageRow {
  const { sequence, id, sender, commandId, body, sentAt, modification, ordinal } = message;
  return { sequence, id, sender, commandId, body, sentAt, modification, ordinal, ...marksOf(message) };
}

/**
 * Returns a message in the form for the query of one user. Unlike `messageRow`, includes `replies`, the number of
 * replies that this user may see, which the caller must have set.
 */
export function seenRow(message: Message): MessageRow {
  const row = messageRow(message);
  return message.replies === undefined ? row : { ...row, replies: message.replies };
}

/** Returns only those marks (optional parts) that exist, because most messages have none. */
function marksOf({ quote, mentions, thread, forwarded, edited, pinned, reactions }: MessageMarks): MessageMarks {
  return {
    ...(quote && { quote }),
    ...(mentions && { mentions }),
    ...(thread && { thread }),
    ...(forwarded && { forwarded }),
    ...(edited && { edited }),
    ...(pinned && { pinned }),
    ...(reactions && { reactions }),
  };
}

/** Returns the ids of the files of a message; none if its body is not a text. */
export function filesOf({ body }: Pick<Message, 'body'>): readonly FileName[] {
  return body.kind === 'text' ? (body.files ?? []).map(({ id }) => id) : [];
}
