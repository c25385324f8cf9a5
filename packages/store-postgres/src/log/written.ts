import type { Changes, Conversation, Member, Message, UserId } from '@everywire/chat';
import type { SentStatement } from './lane-connection.js';

/** The writes of one change of a group, with the previous state. */
export interface Written {
  readonly before: Conversation | null;
  readonly changes: Changes;
  readonly memberBefore: (user: UserId) => Member | null;
  /** The messages that the decision requested, by sequence. */
  readonly messagesBefore: ReadonlyMap<number, Message>;
}

/** Adds a statement that writes the rows of its first value; without rows, adds nothing. */
export type Ask = (text: string, values: readonly unknown[][], ...more: readonly unknown[]) => void;

/** Returns an `Ask` that adds to a list. */
export function askInto(asked: SentStatement[]): Ask {
  return (text, values, ...more) => {
    if ((values[0]?.length ?? 0) > 0) asked.push({ text, values: [...values, ...more] });
  };
}

/** The key of `member` and of `inbox`. */
export const PLACE: readonly string[] = ['conversation', 'usr'];
