import { type ConversationId, type Message, StoreError } from '@everywire/chat';
import type { Span } from '@everywire/chat/internal';
import type { MessageTable, SearchRow } from '../message-table.js';
import { type DamageKind, logDamage } from './damage.js';
import { AlteredRow, type DamageBook, isDamageError } from './damage-book.js';

/**
 * The log, read as far as it can be. A conversation that is not deleted has a row for each sequence from 1 to its head (CH-5), so that a
 * missing row below the head is damage, as is one that cannot be read or was altered. All of it is noted.
 */
export interface LogRows {
  /** The rows of the span that can be read, by sequence. All of the span must be at or below the head. */
  span(conversation: ConversationId, span: Span): readonly Message[];
  /** Bytes that are stored of a row, which is not read for it; 0 where that cannot be read. */
  length(conversation: ConversationId, sequence: number): number;
  /** The same as `span`, the newest first, without what no search looks at. Checksums are not compared. */
  downward(conversation: ConversationId, span: Span): readonly SearchRow[];
  /** `null` where the row cannot be read; `sequence` must be at or below the head. */
  find(conversation: ConversationId, sequence: number): Message | null;
  /** Likewise, and throws `StoreError` `damaged`. */
  require(conversation: ConversationId, sequence: number): Message;
}

export function createLogRows(messages: MessageTable, book: Pick<DamageBook, 'note'>): LogRows {
  /** A whole span by one statement; where that fails or lacks a row, row by row. */
  const readSpan = <Row extends { readonly sequence: number }>(
    conversation: ConversationId,
    [low, high]: Span,
    read: () => readonly Row[],
  ): readonly (Row | Message)[] => {
    try {
      const rows = read();
      if (rows.length === Math.max(0, high - low + 1)) return rows;
    } catch (error) {
      if (!isDamageError(error)) throw error;
    }
    const found: Message[] = [];
    const damage = new RunsOfDamage(conversation, book);
    for (let sequence = low; sequence <= high; sequence += 1) {
      const row = readRow(messages, conversation, sequence);
      if (typeof row === 'string') damage.add(row, sequence);
      else found.push(row);
    }
    damage.end();
    return found;
  };
  const find = (conversation: ConversationId, sequence: number): Message | null => {
    const row = readRow(messages, conversation, sequence);
    if (typeof row !== 'string') return row;
    book.note(logDamage(row, conversation, [sequence, sequence]));
    return null;
  };
  return {
    span: (conversation, span) =>
      readSpan(conversation, span, () => messages.span(conversation, span)) as readonly Message[],
    length: (conversation, sequence) => {
      try {
        return messages.length(conversation, sequence);
      } catch (error) {
        // The damage is noted where the row itself is read.
        if (!isDamageError(error)) throw error;
        return 0;
      }
    },
    downward: (conversation, span) => {
      const rows = readSpan<SearchRow>(conversation, span, () => messages.downward(conversation, span));
      return rows.toSorted((a, b) => b.sequence - a.sequence);
    },
    find,
    require: (conversation, sequence) => {
      const row = find(conversation, sequence);
      if (row !== null) return row;
      throw new StoreError('damaged', `Message ${sequence} of conversation ${conversation} cannot be read.`);
    },
  };
}

/** A row of the log, or how it is damaged. */
function readRow(
  messages: Pick<MessageTable, 'get'>,
  conversation: ConversationId,
  sequence: number,
): Message | Extract<DamageKind, 'missing' | 'unreadable' | 'altered'> {
  try {
    return messages.get(conversation, sequence) ?? 'missing';
  } catch (error) {
    if (!isDamageError(error)) throw error;
    return error instanceof AlteredRow ? 'altered' : 'unreadable';
  }
}

/** Notes damaged sequences, which come rising, in runs of one kind. */
class RunsOfDamage {
  readonly #conversation: ConversationId;
  readonly #book: Pick<DamageBook, 'note'>;
  #run: { readonly kind: DamageKind; readonly from: number; to: number } | null = null;

  constructor(conversation: ConversationId, book: Pick<DamageBook, 'note'>) {
    this.#conversation = conversation;
    this.#book = book;
  }

  /** `to`: the last of several that are damaged in the same way. */
  add(kind: DamageKind, from: number, to: number = from): void {
    if (this.#run?.kind === kind && this.#run.to + 1 === from) {
      this.#run.to = to;
      return;
    }
    this.end();
    this.#run = { kind, from, to };
  }

  /** Nothing more comes: notes the last run. */
  end(): void {
    if (this.#run !== null)
      this.#book.note(logDamage(this.#run.kind, this.#conversation, [this.#run.from, this.#run.to]));
    this.#run = null;
  }
}
