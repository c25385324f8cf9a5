import type { Follow } from '@everywire/chat';
import type { Column } from './columns.js';

/** A row of `follow`: a member's cursor in a thread that the member follows (`Follow`). */
export interface FollowRow {
  readonly conversation: number;
  readonly usr: number;
  readonly root: number;
  readonly sent: number;
  readonly read: number;
  readonly read_ordinal: number;
  readonly read_sent: number;
}

/** All columns of `follow`. */
export const FOLLOW_COLUMNS: readonly Column<Follow>[] = [
  { name: 'conversation', type: 'int8', of: (f) => f.conversation },
  { name: 'usr', type: 'int8', of: (f) => f.user },
  { name: 'root', type: 'int8', of: (f) => f.root },
  { name: 'sent', type: 'int8', of: (f) => f.sent },
  { name: 'read', type: 'int8', of: (f) => f.read },
  { name: 'read_ordinal', type: 'int8', of: (f) => f.readOrdinal },
  { name: 'read_sent', type: 'int8', of: (f) => f.readSent },
];

/** Converts a row to a `Follow`. */
export function parseFollow({ conversation, usr, root, sent, read, read_ordinal, read_sent }: FollowRow): Follow {
  return { conversation, user: usr, root, sent, read, readOrdinal: read_ordinal, readSent: read_sent };
}
