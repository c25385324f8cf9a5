import type { Invite } from '@everywire/chat';
import type { Column } from './columns.js';

/** A row of `invite`: an invitation to a group or channel (`Invite`). */
export interface InviteRow {
  readonly conversation: number;
  readonly id: Buffer;
  readonly hash: Buffer;
  readonly creator: number;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly uses_max: number | null;
  readonly uses: number;
}

/** All columns of `invite`. */
export const INVITE_COLUMNS: readonly Column<Invite>[] = [
  { name: 'conversation', type: 'int8', of: (i) => i.conversation },
  { name: 'id', type: 'bytea', of: (i) => Buffer.from(i.id, 'hex') },
  { name: 'hash', type: 'bytea', of: (i) => Buffer.from(i.hash, 'hex') },
  { name: 'creator', type: 'int8', of: (i) => i.creator },
  { name: 'created_at', type: 'int8', of: (i) => i.createdAt },
  { name: 'expires_at', type: 'int8', of: (i) => i.expiresAt },
  { name: 'uses_max', type: 'int8', of: (i) => i.usesMax },
  { name: 'uses', type: 'int8', of: (i) => i.uses },
];

/** Converts a row to an `Invite`. */
export function parseInvite(row: InviteRow): Invite {
  return {
    conversation: row.conversation,
    id: row.id.toString('hex'),
    hash: row.hash.toString('hex'),
    creator: row.creator,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    usesMax: row.uses_max,
    uses: row.uses,
  };
}
