import type { FileName } from './files.js';
import type { Message, MessageMarks } from './message.js';
import type { MessageRow } from './views.js';

/**
 * Returns a message in the form for many receivers: without fields that only its sender needs or that depend on the viewer
 * (CH-7).
 */
export function messageRow(message: Message): MessageRow {
  const { sequence, id, sender, commandId, body, sentAt, modification, ordinal } = message;
  return { sequence, id, sender, commandId, body, sentAt, modification, ordinal, ...marksOf(message) };
}

/** Returns a message in the form for one user's query: with the replies that this user may see. */
export function seenRow(message: Message): MessageRow {
  const row = messageRow(message);
  return message.replies === undefined ? row : { ...row, replies: message.replies };
}

/** Returns the existing marks; most messages have none. */
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

/** Returns the ids of the files that a message carries; none without a text body. */
export function filesOf({ body }: Pick<Message, 'body'>): readonly FileName[] {
  return body.kind === 'text' ? (body.files ?? []).map(({ id }) => id) : [];
}
