import type { FileName } from './files.js';
import type { Message, MessageMarks } from './message.js';
import type { MessageRow } from './views.js';

/** A stored message as it goes to many: without what only its sender's arithmetic needs, and what depends on the viewer (CH-7). */
export function messageRow(message: Message): MessageRow {
  const { sequence, id, sender, commandId, body, sentAt, modification, ordinal } = message;
  return { sequence, id, sender, commandId, body, sentAt, modification, ordinal, ...marksOf(message) };
}

/** A message as one user's question was answered: with the replies that this user may see. */
export function seenRow(message: Message): MessageRow {
  const row = messageRow(message);
  return message.replies === undefined ? row : { ...row, replies: message.replies };
}

/** Most messages have no marks, and none is copied that is not there. */
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

/** Ids of the files that a message carries; none where it has no text body. */
export function filesOf({ body }: Pick<Message, 'body'>): readonly FileName[] {
  return body.kind === 'text' ? (body.files ?? []).map(({ id }) => id) : [];
}
