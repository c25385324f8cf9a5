import type { Message, MessageBody, MessageMarks, ServiceChange } from '@everywire/chat';
import { bytesOf, type Column } from './columns.js';

/** A row of `message`, as `SELECT *` returns it. `log-schema.ts` explains the columns. */
export interface MessageColumns {
  readonly conversation: number;
  readonly sequence: number;
  readonly id: Buffer;
  readonly sender: number;
  readonly command: Buffer;
  readonly kind: number;
  readonly body: Buffer;
  readonly sent_at: number;
  readonly modification: number;
  readonly ordinal: number;
  readonly sender_ordinal: number;
  readonly extra: Buffer | null;
  readonly root: number | null;
  readonly thread_ordinal: number | null;
  readonly thread_sent: number | null;
  readonly replies: number | null;
}

/** The kinds of bodies. The column `kind` has the index of one of them. */
const KINDS: readonly MessageBody['kind'][] = ['text', 'service', 'recalled'];

/**
 * The content of the column `extra`, as JSON: the marks of a message (such as its quote, mentions and reactions) and
 * the files of a text.
 */
type Extra = Omit<MessageMarks, 'thread'> & { readonly files?: Extract<MessageBody, { kind: 'text' }>['files'] };

/** The columns that a touch may change (an edit, a recall, a reaction, a pin or a reply), and the key. */
export const TOUCHED_COLUMNS: readonly Column<Message>[] = [
  { name: 'conversation', type: 'int8', of: (m) => m.conversation },
  { name: 'sequence', type: 'int8', of: (m) => m.sequence },
  { name: 'kind', type: 'int2', of: (m) => KINDS.indexOf(m.body.kind) },
  { name: 'body', type: 'bytea', of: (m) => bytesOf(textOf(m.body)) },
  { name: 'modification', type: 'int8', of: (m) => m.modification },
  { name: 'extra', type: 'bytea', of: extraOf },
  { name: 'replies', type: 'int8', of: (m) => m.replies ?? null },
  { name: 'pinned', type: 'bool', of: (m) => (m.pinned === undefined ? null : true) },
];

/** The columns that never change, except the key and `of_two`. */
export const IMMUTABLE_COLUMNS: readonly Column<Message>[] = [
  { name: 'id', type: 'bytea', of: (m) => Buffer.from(m.id, 'hex') },
  { name: 'sender', type: 'int8', of: (m) => m.sender },
  { name: 'command', type: 'bytea', of: (m) => Buffer.from(m.commandId, 'hex') },
  { name: 'sent_at', type: 'int8', of: (m) => m.sentAt },
  { name: 'ordinal', type: 'int8', of: (m) => m.ordinal },
  { name: 'sender_ordinal', type: 'int8', of: (m) => m.senderOrdinal },
  { name: 'root', type: 'int8', of: (m) => m.thread?.root ?? null },
  { name: 'thread_ordinal', type: 'int8', of: (m) => m.thread?.ordinal ?? null },
  { name: 'thread_sent', type: 'int8', of: (m) => m.threadSent ?? null },
];

/** Converts a row to a `Message`. */
export function parseMessage(row: MessageColumns): Message {
  const { files, ...marks } = (row.extra === null ? {} : JSON.parse(row.extra.toString('utf8'))) as Extra;
  const { root, thread_ordinal: ordinal, thread_sent: threadSent, replies } = row;
  return {
    conversation: row.conversation,
    sequence: row.sequence,
    id: row.id.toString('hex'),
    sender: row.sender,
    commandId: row.command.toString('hex'),
    body: parseBody(row.kind, row.body.toString('utf8'), files),
    sentAt: row.sent_at,
    modification: row.modification,
    ordinal: row.ordinal,
    senderOrdinal: row.sender_ordinal,
    ...marks,
    ...(root !== null && { thread: { root, ordinal: ordinal ?? 0 }, threadSent: threadSent ?? 0 }),
    ...(replies !== null && { replies }),
  };
}

/** Returns the value of the column `body`; `parseBody` reads it back. */
function textOf(body: MessageBody): string {
  switch (body.kind) {
    case 'text':
      return body.text;
    case 'service':
      return JSON.stringify(body.service);
    case 'recalled':
      return String(body.by);
  }
}

function parseBody(kind: number, text: string, files: Extra['files']): MessageBody {
  switch (KINDS[kind]) {
    case 'recalled':
      return { kind: 'recalled', by: Number(text) };
    case 'service':
      return { kind: 'service', service: JSON.parse(text) as ServiceChange };
    default:
      return files === undefined ? { kind: 'text', text } : { kind: 'text', text, files };
  }
}

/** Returns the value of the column `extra`; `null` for a message without marks and files. */
function extraOf({ quote, mentions, forwarded, edited, pinned, reactions, body }: Message): Buffer | null {
  const files = body.kind === 'text' ? body.files : undefined;
  const text = JSON.stringify({ quote, mentions, forwarded, edited, pinned, reactions, files });
  return text === '{}' ? null : bytesOf(text);
}
