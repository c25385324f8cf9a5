import type { Changes, Conversation, Member, Message, UserId } from '@everywire/chat';
import type { SentStatement } from './lane-connection.js';

/** What one change of a group writes, with the state before the change. */
export interface Written {
  /** The conversation before the change; `null` if the change creates one or concerns none. */
  readonly before: Conversation | null;
  readonly changes: Changes;
  /** Returns the row of a member before the change; `null` if the user had no row. */
  readonly memberBefore: (user: UserId) => Member | null;
  /** The messages before the change, by sequence: those that the change requested when it was decided. */
  readonly messagesBefore: ReadonlyMap<number, Message>;
}

/**
 * Adds a statement to those that a group sends. `values` has one array per column; if the arrays are empty, there is
 * nothing to write and no statement is added. `more` are further parameters.
 */
export type Ask = (text: string, values: readonly unknown[][], ...more: readonly unknown[]) => void;

/** Returns an `Ask` that adds to the list `statements`. */
export function askInto(statements: SentStatement[]): Ask {
  return (text, values, ...more) => {
    if ((values[0]?.length ?? 0) > 0) statements.push({ text, values: [...values, ...more] });
  };
}

/** The key columns of the tables `member` and `inbox`. */
export const PLACE: readonly string[] = ['conversation', 'usr'];
