import type { ConversationId, Message, MessageBody, MessageMarks, UserId } from '@everywire/chat';
import type { Span } from '@everywire/chat/internal';
import type Database from 'better-sqlite3';

type Row = [
  conversation: number,
  sequence: number,
  id: Buffer,
  sender: number,
  command: Buffer,
  kind: number,
  body: string,
  sentAt: number,
  modification: number,
  ordinal: number,
  senderOrdinal: number,
  extra: string | null,
  root: number | null,
  threadOrdinal: number | null,
  threadSent: number | null,
  replies: number | null,
];

const COLUMNS = `conversation, sequence, id, sender, command, kind, body, sent_at, modification, ordinal, sender_ordinal,
  extra, root, thread_ordinal, thread_sent, replies`;
const TEXT = 0;
const SERVICE = 1;
const RECALLED = 2;

/** What lies in `extra`: the files of a text besides the marks. */
type Extra = Omit<MessageMarks, 'thread'> & { readonly files?: Extract<MessageBody, { kind: 'text' }>['files'] };

/** What a search looks at. */
export type SearchRow = Pick<Message, 'conversation' | 'sequence' | 'body' | 'sender' | 'sentAt'>;

/** The table `message`: the log. */
export interface MessageTable {
  get(conversation: ConversationId, sequence: number): Message | null;
  span(conversation: ConversationId, span: Span): readonly Message[];
  /** The newest first. */
  downward(conversation: ConversationId, span: Span): readonly SearchRow[];
  /** Sequences of what was touched above `modification`, in the order of the touches. */
  touchedSince(conversation: ConversationId, modification: number): readonly number[];
  /** `senderOrdinal` of the last message of `sender` at or below `sequence`, 0 without one. Not for a conversation of two. */
  senderOrdinalAt(conversation: ConversationId, sender: UserId, sequence: number): number;
  /** By sequence. */
  pinned(conversation: ConversationId): readonly Message[];
  /** `ofTwo`: of a conversation whose other messages tell where each one's own stand (CH-19). */
  insert(message: Message, ofTwo: boolean): void;
  /** Writes what a touch may change. */
  update(message: Message): void;
}

export function createMessageTable(database: Database.Database): MessageTable {
  const one = database.prepare<[number, number], Row>(
    `SELECT ${COLUMNS} FROM message WHERE conversation = ? AND sequence = ?`,
  );
  const span = database.prepare<[number, number, number], Row>(
    `SELECT ${COLUMNS} FROM message WHERE conversation = ? AND sequence BETWEEN ? AND ? ORDER BY sequence`,
  );
  const downward = database
    .prepare<[number, number, number], SearchColumns>(
      `SELECT sequence, kind, body, sender, sent_at, extra FROM message
       WHERE conversation = ? AND sequence BETWEEN ? AND ? ORDER BY sequence DESC`,
    )
    .raw();
  const touched = database
    .prepare<[number, number], number>(
      `SELECT sequence FROM message INDEXED BY message_modification
       WHERE conversation = ? AND modification > ? AND modification > 0 ORDER BY modification`,
    )
    .pluck();
  const senderOrdinal = database
    .prepare<[number, number, number], number>(
      `SELECT sender_ordinal FROM own_message
       WHERE conversation = ? AND sender = ? AND sequence <= ? ORDER BY sequence DESC LIMIT 1`,
    )
    .pluck();
  const pinned = database.prepare<[number], Row>(
    `SELECT ${COLUMNS} FROM message INDEXED BY message_pinned WHERE conversation = ? AND pinned = 1 ORDER BY sequence`,
  );
  const insert = database.prepare<unknown[]>(
    `INSERT INTO message (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertOwn = database.prepare<[number, number, number, number]>('INSERT INTO own_message VALUES (?, ?, ?, ?)');
  const update = database.prepare<unknown[]>(
    `UPDATE message SET kind = ?, body = ?, modification = ?, extra = ?, replies = ? WHERE conversation = ? AND sequence = ?`,
  );
  // Apart, so that the index of pins is written only where a pin changes.
  const pin = database.prepare<[number | null, number, number, number | null]>(
    'UPDATE message SET pinned = ? WHERE conversation = ? AND sequence = ? AND pinned IS NOT ?',
  );
  for (const rows of [one, span, pinned]) rows.raw();
  return {
    get: (conversation, sequence) => {
      const row = one.get(conversation, sequence);
      return row === undefined ? null : parse(row);
    },
    span: (conversation, [low, high]) => span.all(conversation, low, high).map(parse),
    downward: (conversation, [low, high]) =>
      downward.all(conversation, low, high).map((row) => parseSearchRow(conversation, row)),
    touchedSince: (conversation, modification) => touched.all(conversation, modification),
    senderOrdinalAt: (conversation, sender, sequence) => senderOrdinal.get(conversation, sender, sequence) ?? 0,
    pinned: (conversation) => pinned.all(conversation).map(parse),
    insert: (m, ofTwo) => {
      const names = [m.conversation, m.sequence, Buffer.from(m.id, 'hex'), m.sender, Buffer.from(m.commandId, 'hex')];
      const counters = [m.sentAt, m.modification, m.ordinal, m.senderOrdinal];
      const thread = [m.thread?.root ?? null, m.thread?.ordinal ?? null, m.threadSent ?? null];
      insert.run(...names, ...formatBody(m.body), ...counters, formatExtra(m), ...thread, m.replies ?? null);
      if (!ofTwo) insertOwn.run(m.conversation, m.sender, m.sequence, m.senderOrdinal);
    },
    update: (m) => {
      const written = [...formatBody(m.body), m.modification, formatExtra(m), m.replies ?? null];
      update.run(...written, m.conversation, m.sequence);
      const pinned = m.pinned === undefined ? null : 1;
      pin.run(pinned, m.conversation, m.sequence, pinned);
    },
  };
}

type SearchColumns = [
  sequence: number,
  kind: number,
  body: string,
  sender: number,
  sentAt: number,
  extra: string | null,
];

function parseSearchRow(
  conversation: ConversationId,
  [sequence, kind, text, sender, sentAt, extra]: SearchColumns,
): SearchRow {
  const { files }: Extra = extra === null ? {} : JSON.parse(extra);
  return { conversation, sequence, body: parseBody(kind, text, files), sender, sentAt };
}

function formatBody(body: MessageBody): readonly [kind: number, text: string] {
  switch (body.kind) {
    case 'text':
      return [TEXT, body.text];
    case 'service':
      return [SERVICE, JSON.stringify(body.service)];
    case 'recalled':
      return [RECALLED, String(body.by)];
  }
}

function parseBody(kind: number, text: string, files: Extra['files']): MessageBody {
  if (kind === TEXT) return files === undefined ? { kind: 'text', text } : { kind: 'text', text, files };
  if (kind === RECALLED) return { kind: 'recalled', by: Number(text) };
  return { kind: 'service', service: JSON.parse(text) };
}

function formatExtra(message: Message): string | null {
  const { quote, mentions, forwarded, edited, pinned, reactions, body } = message;
  const files = body.kind === 'text' ? body.files : undefined;
  const text = JSON.stringify({ quote, mentions, forwarded, edited, pinned, reactions, files });
  return text === '{}' ? null : text;
}

function parse(row: Row): Message {
  const [conversation, sequence, id, sender, command, kind, body, sentAt, modification, ordinal, ...rest] = row;
  const [senderOrdinal, extra, root, threadOrdinal, threadSent, replies] = rest;
  const { files, ...marks }: Extra = extra === null ? {} : JSON.parse(extra);
  return {
    conversation,
    sequence,
    id: id.toString('hex'),
    sender,
    commandId: command.toString('hex'),
    body: parseBody(kind, body, files),
    sentAt,
    modification,
    ordinal,
    senderOrdinal,
    ...marks,
    ...(root !== null && { thread: { root, ordinal: threadOrdinal ?? 0 }, threadSent: threadSent ?? 0 }),
    ...(replies !== null && { replies }),
  };
}
