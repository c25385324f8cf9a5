import type { VisibleRange } from '@everywire/chat/internal';
import { DELETED } from '../conversation-table.js';
import type { Database } from '../database/database.js';
import { createMessageTable } from '../message-table.js';
import { type Damage, logDamage, tableDamage } from './damage.js';
import { createLogRows, type LogRows } from './log-rows.js';
import { HIGHEST_ID, possibleRows } from './possible-rows.js';
import { describeFailedStep } from './scan-failure.js';

interface LogScan {
  readonly database: Database;
  /** The number of messages, or of conversations, that one step reads. */
  readonly rowsAtOnce: number;
  readonly note: (damage: Damage) => void;
}

interface HeadRow {
  readonly id: number;
  /** Of unknown type, because a damaged row may contain any value. */
  readonly sequence: unknown;
  readonly settings: number;
}

/** Reads each conversation's log up to its head and compares checksums; each `yield` ends a step. */
export function* scanLog({ database, rowsAtOnce, note }: LogScan): Generator<void> {
  const columns = 'SELECT id, sequence, settings FROM conversation';
  const after = database.prepare<[number, number], HeadRow>(
    `${columns} WHERE id > ? AND id <= ${HIGHEST_ID} ORDER BY id LIMIT ?`,
  );
  const one = database.prepare<[number], HeadRow>(`${columns} WHERE id = ?`);
  let met: Damage[] = [];
  const book = { note: (damage: Damage) => met.push(damage) };
  const log = createLogRows(createMessageTable(database), book);
  const look = (id: number, span: VisibleRange): void => lookAt(id, span, log, book);
  const lastOf = createLastOf(database);
  const budget = { left: rowsAtOnce, atOnce: rowsAtOnce };
  let heads = after.all(0, rowsAtOnce);
  while (heads.length > 0) {
    for (const head of heads.filter(isKept)) {
      met = [];
      yield* readLog(head, { lastOf, look, budget, book });
      // A conversation that was deleted meanwhile is not checked, because its rows are being erased.
      const now = met.length > 0 ? one.get(head.id) : undefined;
      if (now !== undefined && isKept(now)) for (const damage of joinRuns(met)) note(damage);
    }
    yield;
    heads = after.all(heads.at(-1)?.id ?? 0, rowsAtOnce);
  }
}

interface Reading {
  readonly lastOf: (conversation: number) => number;
  readonly look: (conversation: number, span: VisibleRange) => void;
  readonly budget: { left: number; readonly atOnce: number };
  readonly book: { readonly note: (damage: Damage) => void };
}

/**
 * Reads the log of one conversation. A damaged head may have any value, so everything beyond the last row is reported
 * as one run without being read.
 */
function* readLog(row: HeadRow, { lastOf, look, budget, book }: Reading): Generator<void> {
  const span = spanOf(row, lastOf);
  if (span === null) {
    book.note(tableDamage('altered', 'conversation', `the head of conversation ${row.id} is not a number`));
    return;
  }
  yield* readConversation(row.id, span.last, look, budget);
  if (span.last < span.head) book.note(logDamage('missing', row.id, [span.last + 1, span.head]));
}

function isKept({ settings }: HeadRow): boolean {
  return (settings & DELETED) === 0;
}

interface LogSpan {
  readonly head: number;
  /** The last sequence with a row, at most the head. */
  readonly last: number;
}

/** Returns the span of a log; `null` if the head is not a number. */
function spanOf({ id, sequence: head }: HeadRow, lastOf: (conversation: number) => number): LogSpan | null {
  if (typeof head !== 'number' || !Number.isSafeInteger(head) || head < 0) return null;
  return { head, last: Math.min(head, lastOf(id)) };
}

/**
 * Returns a function that returns the last sequence of a log; if it is unreadable, the most that the store can have.
 */
export function createLastOf(database: Database): (conversation: number) => number {
  const last = database.prepare<[number], unknown>('SELECT max(sequence) FROM message WHERE conversation = ?').pluck();
  return (conversation) => {
    try {
      const found = last.get(conversation) ?? 0;
      if (typeof found === 'number' && found <= HIGHEST_ID) return found;
    } catch (error) {
      describeFailedStep(error);
    }
    return possibleRows(database);
  };
}

function* readConversation(
  id: number,
  head: number,
  look: (conversation: number, span: VisibleRange) => void,
  budget: { left: number; readonly atOnce: number },
): Generator<void> {
  for (let low = 1; low <= head; ) {
    const high = Math.min(head, low + budget.left - 1);
    look(id, [low, high]);
    budget.left -= high - low + 1;
    low = high + 1;
    if (budget.left > 0) continue;
    budget.left = budget.atOnce;
    yield;
  }
}

/**
 * Searches the range of a failed step row by row, unless it is known damage. A copy of the store gives up exactly the
 * reported rows, so the report must be precise.
 */
function lookAt(
  id: number,
  [low, high]: VisibleRange,
  log: Pick<LogRows, 'span'>,
  book: { readonly note: (damage: Damage) => void },
): void {
  try {
    log.span(id, [low, high]);
  } catch (error) {
    describeFailedStep(error);
    if (low === high) book.note(logDamage('unreadable', id, [low, high]));
    else for (let each = low; each <= high; each += 1) lookAt(id, [each, each], log, book);
  }
}

/** Joins runs of damage that a boundary between two steps divided. */
function joinRuns(found: readonly Damage[]): readonly Damage[] {
  const joined: Damage[] = [];
  for (const damage of found) {
    const last = joined.at(-1);
    if (last?.kind === damage.kind && (last.to ?? 0) + 1 === damage.from)
      joined.splice(-1, 1, { ...last, to: damage.to });
    else joined.push(damage);
  }
  return joined;
}
