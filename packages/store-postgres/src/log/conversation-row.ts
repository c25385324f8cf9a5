import type { Conversation, ConversationKind, GroupSettings, UserId } from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';
import { bytesOf, type Column } from './columns.js';

/** A row of `conversation`. */
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

/** The kinds, indexed by the column `kind`. */
export const KINDS: readonly ConversationKind[] = ['direct', 'group', 'channel', 'notes'];
/** The flag of a deleted conversation, in the column `flags` next to the bits of the settings. */
export const DELETED = 16;
/** The flag of a deleted conversation whose messages have all been erased. */
export const ERASED = 32;

/** The columns that every commit changes. */
export const HEAD_COLUMNS: readonly Column<Conversation>[] = [
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

/** The columns that few commits change, an indexed one included. */
export const SHOWN_COLUMNS: readonly Column<Conversation>[] = [
  { name: 'name', type: 'bytea', of: ({ name }) => bytesOf(name) },
  { name: 'flags', type: 'int2', of: flagsOf },
  { name: 'picture', type: 'bytea', of: ({ picture }) => (picture === null ? null : Buffer.from(picture, 'hex')) },
  { name: 'listed', type: 'bytea', of: listedOf },
];

/** The columns that never change. */
export const BORN_COLUMNS: readonly Column<Conversation>[] = [
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

/** Returns the key by which the directory finds a conversation that anyone may join; otherwise `null`. */
function listedOf({ settings, name, deleted }: Conversation): Buffer | null {
  return settings.join === 'anyone' && !deleted ? bytesOf(foldName(name)) : null;
}

function flagsOf({ settings: { send, add, rename, join }, deleted }: Conversation): number {
  const bits = [send === 'admins', add === 'admins', rename === 'admins', join === 'anyone', deleted];
  return bits.reduce((flags, bit, at) => flags + (bit ? 2 ** at : 0), 0);
}

function parseSettings(flags: number): GroupSettings {
  const who = (bit: number): 'members' | 'admins' => ((flags & bit) === 0 ? 'members' : 'admins');
  return { send: who(1), add: who(2), rename: who(4), join: (flags & 8) === 0 ? 'invited' : 'anyone' };
}

/** Returns the other user of a direct conversation; `null` for the other kinds. */
export function peerOf({ directKey, kind }: Conversation, user: UserId): UserId | null {
  if (directKey === null || kind !== 'direct') return null;
  return user === directKey[0] ? directKey[1] : directKey[0];
}

/** Does the same for a row. */
export function directPeer(
  row: Pick<ConversationRow, 'kind' | 'direct_smaller' | 'direct_larger'>,
  user: UserId,
): UserId | null {
  if (KINDS[row.kind] !== 'direct') return null;
  return user === row.direct_smaller ? row.direct_larger : row.direct_smaller;
}
