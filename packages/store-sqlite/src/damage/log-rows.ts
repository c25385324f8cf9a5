import { type ConversationId, type Message, StoreError } from '@everywire/chat';
import type { VisibleRange } from '@everywire/chat/internal';
import type { MessageTable, SearchRow } from '../message-table.js';
import { type DamageKind, logDamage } from './damage.js';
import { AlteredRow, type DamageLog, isDamageError } from './damage-log.js';

/**
 * Reads as much of the log as possible, and reports all damage. A conversation that is not deleted has a row for each
 * sequence from 1 to its head, the last sequence (CH-5). So a missing row is damage, like a row that is unreadable or
 * altered.
 */
export interface LogRows {
  /** Returns the readable rows of the span, by sequence. The span must be at or below the head. */
  span(conversation: ConversationId, span: VisibleRange): readonly Message[];
  /** Returns the size of a row as stored, in bytes, without reading the row; 0 if the size is unreadable. */
  length(conversation: ConversationId, sequence: number): number;
  /**
   * Returns the readable rows of the span, newest first, with the columns that a search needs. Compares no checksums.
   */
  downward(conversation: ConversationId, span: VisibleRange): readonly SearchRow[];
  /** Returns a row; `null` if it is unreadable. `sequence` must be at or below the head. */
  find(conversation: ConversationId, sequence: number): Message | null;
  /** Returns a row. Throws `StoreError` `damaged` if it is unreadable. */
  require(conversation: ConversationId, sequence: number): Message;
}

/** Creates the reads of the log, which report damage to `book`. */
export function createLogRows(messages: MessageTable, book: Pick<DamageLog, 'note'>): LogRows {
  /** Reads a span by one statement. If the statement fails or a row is missing, reads the span row by row. */
  const readSpan = <Row extends { readonly sequence: number }>(
    conversation: ConversationId,
    [low, high]: VisibleRange,
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
        // Nothing to report: the later read of the row itself reports the damage.
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

/** Reads a row; if it is damaged, returns the kind of damage instead. */
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

/**
 * Reports damaged sequences as runs: consecutive sequences with the same kind of damage. They must be added in order.
 */
class RunsOfDamage {
  readonly #conversation: ConversationId;
  readonly #book: Pick<DamageLog, 'note'>;
  #run: { readonly kind: DamageKind; readonly from: number; to: number } | null = null;

  constructor(conversation: ConversationId, book: Pick<DamageLog, 'note'>) {
    this.#conversation = conversation;
    this.#book = book;
  }

  /** Adds damaged sequences of the same kind, up to `to`. */
  add(kind: DamageKind, from: number, to: number = from): void {
    if (this.#run?.kind === kind && this.#run.to + 1 === from) {
      this.#run.to = to;
      return;
    }
    this.end();
    this.#run = { kind, from, to };
  }

  /** Reports the last run. */
  end(): void {
    if (this.#run !== null)
      this.#book.note(logDamage(this.#run.kind, this.#conversation, [this.#run.from, this.#run.to]));
    this.#run = null;
  }
}
