import type { Conversation, ConversationId, DirectKey, UserId } from '@everywire/chat';
import type Database from 'better-sqlite3';

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
];

const COLUMNS =
  'id, kind, sequence, modification, count, members_at, member_count, name, activity, large, direct_smaller, direct_larger';
const DIRECT = 0;
const GROUP = 1;

/** The table `conversation`. */
export interface ConversationTable {
  get(id: ConversationId): Conversation | null;
  getDirect(key: DirectKey): Conversation | null;
  /** The id that the next conversation takes; none is ever deleted, so none comes twice. */
  nextId(): ConversationId;
  insert(conversation: Conversation, stamp: number): void;
  update(conversation: Conversation, stamp: number): void;
}

export function createConversationTable(database: Database.Database): ConversationTable {
  const byId = database.prepare<[number], Row>(`SELECT ${COLUMNS} FROM conversation WHERE id = ?`).raw();
  const byDirect = database
    .prepare<[number, number], Row>(
      `SELECT ${COLUMNS} FROM conversation WHERE direct_smaller = ? AND direct_larger = ? AND direct_smaller IS NOT NULL`,
    )
    .raw();
  const highest = database.prepare<[], number | null>('SELECT max(id) FROM conversation').pluck();
  const insert = database.prepare<unknown[]>(
    `INSERT INTO conversation (${COLUMNS}, stamp) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = database.prepare<unknown[]>(
    `UPDATE conversation SET sequence = ?, modification = ?, count = ?, members_at = ?, member_count = ?, name = ?, activity = ?,
     large = ?, stamp = ? WHERE id = ?`,
  );
  return {
    get: (id) => parse(byId.get(id)),
    getDirect: ([smaller, larger]) => parse(byDirect.get(smaller, larger)),
    nextId: () => (highest.get() ?? 0) + 1,
    insert: (c, stamp) => {
      const kind = c.kind === 'direct' ? DIRECT : GROUP;
      const [smaller, larger] = c.directKey ?? [null, null];
      const counters = [c.sequence, c.modification, c.count, c.membersAt, c.memberCount];
      insert.run(c.id, kind, ...counters, c.name, c.activity, Number(c.large), smaller, larger, stamp);
    },
    update: (c, stamp) => {
      const counters = [c.sequence, c.modification, c.count, c.membersAt, c.memberCount];
      update.run(...counters, c.name, c.activity, Number(c.large), stamp, c.id);
    },
  };
}

function parse(row: Row | undefined): Conversation | null {
  if (row === undefined) return null;
  const [id, kind, sequence, modification, count, membersAt, memberCount, name, activity, large, smaller, larger] = row;
  return {
    id,
    kind: kind === DIRECT ? 'direct' : 'group',
    sequence,
    modification,
    count,
    membersAt,
    memberCount,
    name,
    activity,
    large: large === 1,
    directKey: smaller === null || larger === null ? null : [smaller, larger],
  };
}

/** The other user of a direct conversation; `null` for a group. */
export function peerOf(conversation: Conversation, user: UserId): UserId | null {
  if (conversation.directKey === null) return null;
  const [smaller, larger] = conversation.directKey;
  return user === smaller ? larger : smaller;
}
