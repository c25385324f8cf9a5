import type { Conversation, ConversationId, ConversationKind, DirectKey, GroupSettings, UserId } from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';
import type { Database } from './database/database.js';

type Row = [
  id: number,
  kind: number,
  sequence: number,
  modification: number,
  count: number,
  membersAt: number,
  memberCount: number,
  name: string,
  activity: number,
  large: number,
  directSmaller: number | null,
  directLarger: number | null,
  pins: number,
  pinsAt: number,
  settings: number,
  picture: Buffer | null,
];

const COLUMNS = `id, kind, sequence, modification, count, members_at, member_count, name, activity, large, direct_smaller,
  direct_larger, pins, pins_at, settings, picture`;
/** The conversation kinds. The column `kind` has the index of one of them. */
export const KINDS: readonly ConversationKind[] = ['direct', 'group', 'channel', 'notes'];

/** A bit of the column `settings`: the conversation is deleted. The four lower bits are the settings of a group. */
export const DELETED = 16;
/** A bit of the column `settings`: the content of the deleted conversation has been erased. Set by `ErasureTable`. */
export const ERASED = 32;

/**
 * The table `conversation`. A `stamp` counts the changes of the store; a row has the stamp of its last change, by which
 * lists find what changed (CH-14).
 */
export interface ConversationTable {
  get(id: ConversationId): Conversation | null;
  getDirect(key: DirectKey): Conversation | null;
  /** Returns the id for the next conversation. Ids are never reused, because rows are never deleted. */
  nextId(): ConversationId;
  insert(conversation: Conversation, stamp: number): void;
  /** Writes a changed conversation; `before` is the stored state. */
  update(before: Conversation, conversation: Conversation, stamp: number): void;
}

/** Creates the table's statements. */
export function createConversationTable(database: Database): ConversationTable {
  const byId = database.prepare<[number], Row>(`SELECT ${COLUMNS} FROM conversation WHERE id = ?`).raw();
  const byDirect = database
    .prepare<[number, number], Row>(
      `SELECT ${COLUMNS} FROM conversation WHERE direct_smaller = ? AND direct_larger = ? AND direct_smaller IS NOT NULL`,
    )
    .raw();
  const highest = database.prepare<[], number | null>('SELECT max(id) FROM conversation').pluck();
  const insert = database.prepare<unknown[]>(
    `INSERT INTO conversation (${COLUMNS}, listed, stamp) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = database.prepare<unknown[]>(
    `UPDATE conversation SET sequence = ?, modification = ?, count = ?, members_at = ?, member_count = ?, name = ?, activity = ?,
     large = ?, pins = ?, pins_at = ?, stamp = ? WHERE id = ?`,
  );
  const updateSettings = database.prepare<[number, string | null, Buffer | null, number]>(
    'UPDATE conversation SET settings = ?, listed = ?, picture = ? WHERE id = ?',
  );
  return {
    get: (id) => parse(byId.get(id)),
    getDirect: ([smaller, larger]) => parse(byDirect.get(smaller, larger)),
    nextId: () => (highest.get() ?? 0) + 1,
    insert: (c, stamp) => {
      const direct = c.directKey ?? [null, null];
      const counters = [c.sequence, c.modification, c.count, c.membersAt, c.memberCount];
      const shown = [c.name, c.activity, Number(c.large), ...direct, c.pins, c.pinsAt];
      insert.run(
        c.id,
        KINDS.indexOf(c.kind),
        ...counters,
        ...shown,
        formatSettings(c),
        blobOf(c.picture),
        listedName(c),
        stamp,
      );
    },
    update: (before, c, stamp) => {
      const counters = [c.sequence, c.modification, c.count, c.membersAt, c.memberCount];
      update.run(...counters, c.name, c.activity, Number(c.large), c.pins, c.pinsAt, stamp, c.id);
      // A second statement writes the settings, the picture and `listed`, because they rarely change (`listed` depends
      // on the name), and because writing `listed` updates the index of the directory.
      const same = before.name === c.name && before.settings === c.settings && before.picture === c.picture;
      if (same && before.deleted === c.deleted) return;
      updateSettings.run(formatSettings(c), listedName(c), blobOf(c.picture), c.id);
    },
  };
}

function parse(row: Row | undefined): Conversation | null {
  if (row === undefined) return null;
  const [id, kind, sequence, modification, count, membersAt, memberCount, name, activity, large, ...rest] = row;
  const [smaller, larger, pins, pinsAt, bits, picture] = rest;
  return {
    id,
    kind: KINDS[kind] ?? 'group',
    sequence,
    modification,
    count,
    membersAt,
    memberCount,
    name,
    settings: parseSettings(bits),
    activity,
    large: large === 1,
    directKey: smaller === null || larger === null ? null : [smaller, larger],
    pins,
    pinsAt,
    picture: picture?.toString('hex') ?? null,
    deleted: (bits & DELETED) !== 0,
  };
}

function blobOf(picture: string | null): Buffer | null {
  return picture === null ? null : Buffer.from(picture, 'hex');
}

/**
 * Returns the value of the column `listed`: the case-folded name for the directory, the list of groups and channels
 * that anyone may join. Returns `null` if the conversation is not listed.
 */
function listedName({ settings, name, deleted }: Conversation): string | null {
  return settings.join === 'anyone' && !deleted ? foldName(name) : null;
}

/** Returns the bits of the column `settings`, without `ERASED`. */
function formatSettings({ settings: { send, add, rename, join }, deleted }: Conversation): number {
  return (
    Number(send === 'admins') +
    2 * Number(add === 'admins') +
    4 * Number(rename === 'admins') +
    8 * Number(join === 'anyone') +
    DELETED * Number(deleted)
  );
}

function parseSettings(bits: number): GroupSettings {
  const allowed = (bit: number): 'members' | 'admins' => ((bits & bit) === 0 ? 'members' : 'admins');
  return { send: allowed(1), add: allowed(2), rename: allowed(4), join: (bits & 8) === 0 ? 'invited' : 'anyone' };
}

/** Returns the other user of a direct conversation; `null` for other kinds. */
export function peerOf(conversation: Conversation, user: UserId): UserId | null {
  if (conversation.directKey === null || conversation.kind !== 'direct') return null;
  const [smaller, larger] = conversation.directKey;
  return user === smaller ? larger : smaller;
}
