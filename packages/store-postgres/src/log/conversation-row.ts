import type { Conversation, ConversationKind, GroupSettings, UserId } from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';
import { bytesOf, type Column } from './columns.js';

/** A row of `conversation`, as `SELECT *` returns it, without the columns `listed` and `stamp`. */
export interface ConversationRow {
  readonly id: number;
  readonly kind: number;
  readonly sequence: number;
  readonly modification: number;
  readonly count: number;
  readonly members_at: number;
  readonly member_count: number;
  readonly name: Buffer;
  readonly activity: number;
  readonly large: boolean;
  readonly direct_smaller: number | null;
  readonly direct_larger: number | null;
  readonly pins: number;
  readonly pins_at: number;
  readonly flags: number;
  readonly picture: Buffer | null;
}

/** The conversation kinds. The column `kind` has the index of one of them. */
export const KINDS: readonly ConversationKind[] = ['direct', 'group', 'channel', 'notes'];
/** A bit of the column `flags`: the conversation is deleted. The four lower bits are the settings of a group. */
export const DELETED = 16;
/**
 * A bit of the column `flags`: the conversation is deleted, and the eraser (`eraser.ts`) has erased all its messages.
 */
export const ERASED = 32;

/** The columns that every commit writes: the key and the counters. */
export const COUNTER_COLUMNS: readonly Column<Conversation>[] = [
  { name: 'id', type: 'int8', of: ({ id }) => id },
  { name: 'sequence', type: 'int8', of: ({ sequence }) => sequence },
  { name: 'modification', type: 'int8', of: ({ modification }) => modification },
  { name: 'count', type: 'int8', of: ({ count }) => count },
  { name: 'members_at', type: 'int8', of: ({ membersAt }) => membersAt },
  { name: 'member_count', type: 'int8', of: ({ memberCount }) => memberCount },
  { name: 'activity', type: 'int8', of: ({ activity }) => activity },
  { name: 'large', type: 'bool', of: ({ large }) => large },
  { name: 'pins', type: 'int8', of: ({ pins }) => pins },
  { name: 'pins_at', type: 'int8', of: ({ pinsAt }) => pinsAt },
];

/**
 * The columns that rarely change. Another statement writes them than the counters, because `listed` is indexed: an
 * UPDATE that sets it also writes the index.
 */
export const PROFILE_COLUMNS: readonly Column<Conversation>[] = [
  { name: 'name', type: 'bytea', of: ({ name }) => bytesOf(name) },
  { name: 'flags', type: 'int2', of: flagsOf },
  { name: 'picture', type: 'bytea', of: ({ picture }) => (picture === null ? null : Buffer.from(picture, 'hex')) },
  { name: 'listed', type: 'bytea', of: listedOf },
];

/** The columns that are set at creation and never change. */
export const IMMUTABLE_COLUMNS: readonly Column<Conversation>[] = [
  { name: 'kind', type: 'int2', of: ({ kind }) => KINDS.indexOf(kind) },
  { name: 'direct_smaller', type: 'int8', of: ({ directKey }) => directKey?.[0] ?? null },
  { name: 'direct_larger', type: 'int8', of: ({ directKey }) => directKey?.[1] ?? null },
];

/** Converts a row to a `Conversation`. */
export function parseConversation(row: ConversationRow): Conversation {
  const { direct_smaller: smaller, direct_larger: larger } = row;
  return {
    id: row.id,
    kind: KINDS[row.kind] ?? 'group',
    sequence: row.sequence,
    modification: row.modification,
    count: row.count,
    membersAt: row.members_at,
    memberCount: row.member_count,
    name: row.name.toString('utf8'),
    settings: parseSettings(row.flags),
    activity: row.activity,
    large: row.large,
    directKey: smaller === null || larger === null ? null : [smaller, larger],
    pins: row.pins,
    pinsAt: row.pins_at,
    picture: row.picture?.toString('hex') ?? null,
    deleted: (row.flags & DELETED) !== 0,
  };
}

/**
 * Returns the value of the column `listed`: the case-folded name, by which the directory (the searchable list of
 * conversations that anyone may join) finds and orders conversations. Returns `null` if the conversation is not listed.
 */
function listedOf({ settings, name, deleted }: Conversation): Buffer | null {
  return settings.join === 'anyone' && !deleted ? bytesOf(foldName(name)) : null;
}

function flagsOf({ settings: { send, add, rename, join }, deleted }: Conversation): number {
  const bits = [send === 'admins', add === 'admins', rename === 'admins', join === 'anyone', deleted];
  return bits.reduce((flags, bit, at) => flags + (bit ? 2 ** at : 0), 0);
}

function parseSettings(flags: number): GroupSettings {
  const allowed = (bit: number): 'members' | 'admins' => ((flags & bit) === 0 ? 'members' : 'admins');
  return { send: allowed(1), add: allowed(2), rename: allowed(4), join: (flags & 8) === 0 ? 'invited' : 'anyone' };
}

/** Returns the other user of a direct conversation; `null` for the other kinds. */
export function peerOf({ directKey, kind }: Conversation, user: UserId): UserId | null {
  if (directKey === null || kind !== 'direct') return null;
  return user === directKey[0] ? directKey[1] : directKey[0];
}

/** Returns the other user of a direct conversation, given its row; `null` for the other kinds. */
export function directPeer(
  row: Pick<ConversationRow, 'kind' | 'direct_smaller' | 'direct_larger'>,
  user: UserId,
): UserId | null {
  if (KINDS[row.kind] !== 'direct') return null;
  return user === row.direct_smaller ? row.direct_larger : row.direct_smaller;
}
