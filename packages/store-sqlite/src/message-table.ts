import type { ConversationId, Message, MessageBody, MessageMarks, ServiceChange, UserId } from '@everywire/chat';
import type { VisibleRange } from '@everywire/chat/internal';
import { AlteredRow } from './damage/damage-log.js';
import { type CheckedColumns, messageChecksum } from './damage/message-checksum.js';
import { expectStored, parseStoredObject, readStored } from './damage/stored-value.js';
import type { Database } from './database/database.js';

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
  checksum: number | null,
];

const COLUMNS = `conversation, sequence, id, sender, command, kind, body, sent_at, modification, ordinal, sender_ordinal,
  extra, root, thread_ordinal, thread_sent, replies, checksum`;
const TEXT = 0;
const SERVICE = 1;
const RECALLED = 2;

/**
 * The content of the column `extra`: the marks of a message (its quote, mentions, reactions) and the files of a text.
 */
type Extra = Omit<MessageMarks, 'thread'> & { readonly files?: Extract<MessageBody, { kind: 'text' }>['files'] };

/** The part of a message that a search examines. */
export type SearchRow = Pick<Message, 'conversation' | 'sequence' | 'body' | 'sender' | 'sentAt'>;

/** A message and the modification of its last touch: an edit, a recall, a reaction, a pin or a reply. */
type Touched = Pick<Message, 'sequence' | 'modification'>;

/**
 * The table `message`: the log. A read throws `AlteredRow` if a row cannot be what was written. A read of a whole
 * message also compares the checksum.
 */
export interface MessageTable {
  get(conversation: ConversationId, sequence: number): Message | null;
  span(conversation: ConversationId, span: VisibleRange): readonly Message[];
  /** Returns the stored bytes of a message without reading it; 0 if it is missing. */
  length(conversation: ConversationId, sequence: number): number;
  /** Returns the rows of a span, newest first. */
  downward(conversation: ConversationId, span: VisibleRange): readonly SearchRow[];
  /**
   * Returns the messages that were touched after `modification`, in the order of their last touch. Reads only the
   * index, so the result includes messages that are unreadable.
   */
  touchedSince(conversation: ConversationId, modification: number): readonly Touched[];
  /**
   * Returns the `senderOrdinal` of the last message of `sender` at or below `sequence`; 0 if there is none. The caller
   * must not ask for a direct conversation, which is in no index by sender.
   */
  senderOrdinalAt(conversation: ConversationId, sender: UserId, sequence: number): number;
  /** Returns sequences of pinned messages, ascending. */
  pinned(conversation: ConversationId): readonly number[];
  /**
   * Adds a message. `ofTwo`: a direct conversation, where the other user's messages determine the positions of own ones
   * (CH-19).
   */
  insert(message: Message, ofTwo: boolean): void;
  /** Writes the columns that a touch may change. */
  update(message: Message): void;
}

/** Creates the table's statements. */
export function createMessageTable(database: Database): MessageTable {
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
  const touched = database.prepare<[number, number], Touched>(
    `SELECT sequence, modification FROM message INDEXED BY message_modification
     WHERE conversation = ? AND modification > ? AND modification > 0 ORDER BY modification`,
  );
  const senderOrdinal = database
    .prepare<[number, number, number], number>(
      `SELECT sender_ordinal FROM own_message
       WHERE conversation = ? AND sender = ? AND sequence <= ? ORDER BY sequence DESC LIMIT 1`,
    )
    .pluck();
  const pinned = database
    .prepare<[number], number>(
      `SELECT sequence FROM message INDEXED BY message_pinned WHERE conversation = ? AND pinned = 1 ORDER BY sequence`,
    )
    .pluck();
  // SQLite stores the lengths at the beginning of a row, so this does not read the further pages of a long row.
  const length = database
    .prepare<[number, number], number>(
      `SELECT ifnull(octet_length(body), 0) + ifnull(octet_length(extra), 0) FROM message
       WHERE conversation = ? AND sequence = ?`,
    )
    .pluck();
  const insert = database.prepare<unknown[]>(
    `INSERT INTO message (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertOwn = database.prepare<[number, number, number, number]>('INSERT INTO own_message VALUES (?, ?, ?, ?)');
  const update = database.prepare<unknown[]>(
    `UPDATE message SET kind = ?, body = ?, modification = ?, extra = ?, replies = ?, checksum = ?
     WHERE conversation = ? AND sequence = ?`,
  );
  // `pinned` has a statement of its own, so that the index of pins is written only when a pin changes.
  const pin = database.prepare<[number | null, number, number, number | null]>(
    'UPDATE message SET pinned = ? WHERE conversation = ? AND sequence = ? AND pinned IS NOT ?',
  );
  for (const rows of [one, span]) rows.raw();
  return {
    get: (conversation, sequence) => {
      const row = one.get(conversation, sequence);
      return row === undefined ? null : parse(row);
    },
    span: (conversation, [low, high]) => span.all(conversation, low, high).map(parse),
    length: (conversation, sequence) => length.get(conversation, sequence) ?? 0,
    downward: (conversation, [low, high]) =>
      downward.all(conversation, low, high).map((row) => parseSearchRow(conversation, row)),
    touchedSince: (conversation, modification) => touched.all(conversation, modification),
    senderOrdinalAt: (conversation, sender, sequence) => senderOrdinal.get(conversation, sender, sequence) ?? 0,
    pinned: (conversation) => pinned.all(conversation),
    insert: (m, ofTwo) => {
      const columns = checkedColumns(m);
      const names = [m.conversation, m.sequence, columns.id, m.sender, columns.command];
      const counters = [m.sentAt, m.modification, m.ordinal, m.senderOrdinal];
      const thread = [m.thread?.root ?? null, m.thread?.ordinal ?? null, m.threadSent ?? null];
      const end = [m.replies ?? null, messageChecksum(columns)];
      insert.run(...names, columns.kind, columns.body, ...counters, columns.extra, ...thread, ...end);
      if (!ofTwo) insertOwn.run(m.conversation, m.sender, m.sequence, m.senderOrdinal);
    },
    update: (m) => {
      const columns = checkedColumns(m);
      const written = [columns.kind, columns.body, m.modification, columns.extra, m.replies ?? null];
      update.run(...written, messageChecksum(columns), m.conversation, m.sequence);
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
  return readStored(nameOf(conversation, sequence), () => {
    expectStored([sequence, sender, sentAt].every(Number.isSafeInteger));
    const { files } = parseExtra(extra);
    return { conversation, sequence, body: parseBody(kind, text, files), sender, sentAt };
  });
}

function nameOf(conversation: ConversationId, sequence: number): () => string {
  return () => `message ${sequence} of conversation ${conversation}`;
}

function checkedColumns(message: Message): CheckedColumns {
  const [kind, body] = formatBody(message.body);
  const { conversation, sequence, sender, sentAt } = message;
  const [id, command] = [Buffer.from(message.id, 'hex'), Buffer.from(message.commandId, 'hex')];
  return { conversation, sequence, id, sender, command, kind, body, sentAt, extra: formatExtra(message) };
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
  expectStored(typeof text === 'string');
  if (kind === TEXT) return files === undefined ? { kind: 'text', text } : { kind: 'text', text, files };
  if (kind === RECALLED) {
    const by = Number(text);
    expectStored(Number.isSafeInteger(by));
    return { kind: 'recalled', by };
  }
  const service = parseStoredObject(text) as ServiceChange;
  expectStored(kind === SERVICE && typeof service.change === 'string');
  return { kind: 'service', service };
}

function parseExtra(extra: string | null): Extra {
  return extra === null ? {} : parseStoredObject(extra);
}

function formatExtra(message: Message): string | null {
  const { quote, mentions, forwarded, edited, pinned, reactions, body } = message;
  const files = body.kind === 'text' ? body.files : undefined;
  const text = JSON.stringify({ quote, mentions, forwarded, edited, pinned, reactions, files });
  return text === '{}' ? null : text;
}

function parse(row: Row): Message {
  return readStored(nameOf(row[0], row[1]), () => parseWhole(row));
}

function parseWhole(row: Row): Message {
  const [conversation, sequence, id, sender, command, kind, body, sentAt, modification, ordinal, ...rest] = row;
  const [senderOrdinal, extra, root, threadOrdinal, threadSent, replies, checksum] = rest;
  const columns = { conversation, sequence, id, sender, command, kind, body, sentAt, extra };
  expectStored([sequence, sender, sentAt, modification, ordinal, senderOrdinal].every(Number.isSafeInteger));
  expectStored(Buffer.isBuffer(id) && Buffer.isBuffer(command));
  if (checksum !== null && checksum !== messageChecksum(columns))
    throw new AlteredRow(`${nameOf(conversation, sequence)()} is not what was written`);
  const { files, ...marks } = parseExtra(extra);
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
