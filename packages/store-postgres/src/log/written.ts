import type { Changes, Conversation, Member, Message, UserId } from '@everywire/chat';
import type { Asked } from './lane-connection.js';

/** What one change of a group writes, and what was there before. */
export interface Written {
  readonly before: Conversation | null;
  readonly changes: Changes;
  readonly memberBefore: (user: UserId) => Member | null;
  /** By sequence; those that the decision asked for. */
  readonly messagesBefore: ReadonlyMap<number, Message>;
}

/** Asks for a statement with the rows of its first value; without rows there is nothing to ask. */
export type Ask = (text: string, values: readonly unknown[][], ...more: readonly unknown[]) => void;

export function askInto(asked: Asked[]): Ask {
  return (text, values, ...more) => {
    if ((values[0]?.length ?? 0) > 0) asked.push({ text, values: [...values, ...more] });
  };
}

/** The key of `member` and of `inbox`. */
export const PLACE: readonly string[] = ['conversation', 'usr'];
