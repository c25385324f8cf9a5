import type { ConversationId, Message, MessageBody, UserId } from '@everywire/chat';
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
];

const COLUMNS =
  'conversation, sequence, id, sender, command, kind, body, sent_at, modification, ordinal, sender_ordinal';
const TEXT = 0;
const SERVICE = 1;

/** The table `message`: the log. */
export interface MessageTable {
  get(conversation: ConversationId, sequence: number): Message | null;
  span(conversation: ConversationId, span: Span): readonly Message[];
  /** Sequences of what was touched above `modification`, in the order of the touches. */
  touchedSince(conversation: ConversationId, modification: number): readonly number[];
  /** `senderOrdinal` of the last message of `sender` at or below `sequence`, 0 without one. */
  senderOrdinalAt(conversation: ConversationId, sender: UserId, sequence: number): number;
  insert(message: Message): void;
  /** Writes what a touch may change. False when there is no such message. */
  update(message: Message): boolean;
}

export function createMessageTable(database: Database.Database): MessageTable {
  const one = database.prepare<[number, number], Row>(
    `SELECT ${COLUMNS} FROM message WHERE conversation = ? AND sequence = ?`,
  );
  const span = database.prepare<[number, number, number], Row>(
    `SELECT ${COLUMNS} FROM message WHERE conversation = ? AND sequence BETWEEN ? AND ? ORDER BY sequence`,
  );
  const touched = database
    .prepare<[number, number], number>(
      `SELECT sequence FROM message INDEXED BY message_modification
       WHERE conversation = ? AND modification > ? AND modification > 0 ORDER BY modification`,
    )
    .pluck();
  const senderOrdinal = database
    .prepare<[number, number, number], number>(
      `SELECT sender_ordinal FROM message INDEXED BY message_sender
       WHERE conversation = ? AND sender = ? AND sequence <= ? ORDER BY sequence DESC LIMIT 1`,
    )
    .pluck();
  const insert = database.prepare<unknown[]>(
    `INSERT INTO message (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = database.prepare<unknown[]>(
    'UPDATE message SET kind = ?, body = ?, modification = ? WHERE conversation = ? AND sequence = ?',
  );
  one.raw();
  span.raw();
  return {
    get: (conversation, sequence) => {
      const row = one.get(conversation, sequence);
      return row === undefined ? null : parse(row);
    },
    span: (conversation, [low, high]) => span.all(conversation, low, high).map(parse),
    touchedSince: (conversation, modification) => touched.all(conversation, modification),
    senderOrdinalAt: (conversation, sender, sequence) => senderOrdinal.get(conversation, sender, sequence) ?? 0,
    insert: (m) => {
      const names = [m.conversation, m.sequence, Buffer.from(m.id, 'hex'), m.sender, Buffer.from(m.commandId, 'hex')];
      insert.run(...names, ...formatBody(m.body), m.sentAt, m.modification, m.ordinal, m.senderOrdinal);
    },
    update: (m) => update.run(...formatBody(m.body), m.modification, m.conversation, m.sequence).changes === 1,
  };
}

function formatBody(body: MessageBody): readonly [kind: number, text: string] {
  return body.kind === 'text' ? [TEXT, body.text] : [SERVICE, JSON.stringify(body.service)];
}

function parseBody(kind: number, text: string): MessageBody {
  return kind === TEXT ? { kind: 'text', text } : { kind: 'service', service: JSON.parse(text) };
}

function parse(row: Row): Message {
  const [conversation, sequence, id, sender, command, kind, body, sentAt, modification, ordinal, senderOrdinal] = row;
  return {
    conversation,
    sequence,
    id: id.toString('hex'),
    sender,
    commandId: command.toString('hex'),
    body: parseBody(kind, body),
    sentAt,
    modification,
    ordinal,
    senderOrdinal,
  };
}
