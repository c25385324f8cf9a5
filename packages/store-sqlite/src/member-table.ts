import type { ConversationId, Member, Receipt, Role, UserId } from '@everywire/chat';
import { openPeriod } from '@everywire/chat/internal';
import { DELETED } from './conversation-table.js';
import type { Database } from './database/database.js';
import {
  COLUMNS,
  format,
  PLACE_COLUMNS,
  type Place,
  type PlaceRow,
  parse,
  parsePlace,
  parseRole,
  ROLES,
  type Row,
} from './member-row.js';

/**
 * The table `member`: the rows of current (open) and former members. `ListOrder` has the order of their lists. The
 * redundant condition `open_from IS NOT NULL` and INDEXED BY make SQLite use the partial indexes of open members.
 */
export interface MemberTable {
  get(conversation: ConversationId, user: UserId): Member | null;
  place(conversation: ConversationId, user: UserId): Place | null;
  /** Returns the places of the open members of a conversation that is small or has just become large, by user id. */
  openPlaces(conversation: ConversationId): readonly Place[];
  /** Writes the whole row with this stamp. `before` is the previous place of the row; `null` for a new row. */
  write(member: Member, stamp: number, before: Place | null): void;
  /** Stamps the row of every open member, after a new or changed message in a small conversation (CH-13). */
  stampOpen(conversation: ConversationId, stamp: number, activity: number): void;
  /** Marks the open members' rows when a conversation becomes large. Rows of former members do not change (CH-13). */
  setLarge(conversation: ConversationId): void;
  /** Returns the open members with user ids above `after`, ordered by user id; at most `limit`. */
  openPage(
    conversation: ConversationId,
    after: UserId,
    limit: number,
  ): readonly { readonly user: UserId; readonly role: Role }[];
  receipts(conversation: ConversationId, limit: number): readonly Receipt[];
  /** Returns whether the account is neither suspended nor deleted; `true` if there is no such account. */
  isActive(user: UserId): boolean;
  /** Returns the member who succeeds this owner (see `Needs.heirOf`); `null` if there is none. */
  heirOf(conversation: ConversationId, owner: UserId, avoided?: readonly UserId[]): Member | null;
  /** Counts the open members, except `author`, who were members at `sequence` and have read up to there. */
  countReaders(conversation: ConversationId, author: UserId, sequence: number): number;
  countLarge(user: UserId): number;
  /** Returns the large conversations with this user as an open member, ordered by id. */
  largeConversations(user: UserId): readonly ConversationId[];
}

/** Creates the table's statements. */
export function createMemberTable(database: Database): MemberTable {
  const one = database
    .prepare<[number, number], Row>(
      `SELECT conversation, user, ${COLUMNS}, large, role FROM member WHERE conversation = ? AND user = ?`,
    )
    .raw();
  const draft = database
    .prepare<[number, number], string>('SELECT text FROM draft WHERE conversation = ? AND user = ?')
    .pluck();
  const get: MemberTable['get'] = (conversation, user) => {
    const row = one.get(conversation, user);
    return row === undefined ? null : parse(row, () => draft.get(conversation, user) ?? '');
  };
  const inactive = database.prepare<[number], number>('SELECT 1 FROM account WHERE id = ? AND state <> 0').pluck();
  return {
    get,
    isActive: (user) => inactive.get(user) === undefined,
    heirOf: createHeirSearch(database, (conversation, user) => get(conversation, user)),
    ...createPlaces(database),
    ...createMemberQueries(database),
    write: createMemberWriter(database),
  };
}

/** The value of `account.state` for a deleted account. */
const ACCOUNT_DELETED = 2;

function createHeirSearch(database: Database, get: MemberTable['get']): MemberTable['heirOf'] {
  const longest = database
    .prepare<[number, number, string], number>(
      `SELECT user FROM member INDEXED BY member_role
       WHERE conversation = ? AND role = ? AND user NOT IN (SELECT value FROM json_each(?)) AND open_from IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM account WHERE id = user AND state = ${ACCOUNT_DELETED})
       ORDER BY open_from, user LIMIT 1`,
    )
    .pluck();
  const find = (conversation: ConversationId, without: readonly UserId[]): Member | null => {
    for (const role of ['admin', 'member', 'reader'] as const) {
      const user = longest.get(conversation, ROLES.indexOf(role), JSON.stringify(without));
      if (user !== undefined) return get(conversation, user);
    }
    return null;
  };
  return (conversation, owner, avoided = []) => find(conversation, [owner, ...avoided]) ?? find(conversation, [owner]);
}

function createPlaces(database: Database): Pick<MemberTable, 'place' | 'openPlaces' | 'stampOpen' | 'setLarge'> {
  const place = database
    .prepare<[number, number], PlaceRow>(`SELECT ${PLACE_COLUMNS} FROM member WHERE conversation = ? AND user = ?`)
    .raw();
  const openPlaces = database
    .prepare<[number], PlaceRow>(
      `SELECT ${PLACE_COLUMNS} FROM member INDEXED BY member_open
       WHERE conversation = ? AND open_from IS NOT NULL ORDER BY user`,
    )
    .raw();
  const stampOpen = database.prepare<[number, number, number]>(
    `UPDATE member INDEXED BY member_open SET stamp = ?, activity = ?
     WHERE conversation = ? AND open_from IS NOT NULL`,
  );
  const setLarge = database.prepare<[number]>(
    'UPDATE member SET large = 1 WHERE conversation = ? AND open_from IS NOT NULL',
  );
  return {
    place: (conversation, user) => {
      const row = place.get(conversation, user);
      return row === undefined ? null : parsePlace(row);
    },
    openPlaces: (conversation) => openPlaces.all(conversation).map(parsePlace),
    stampOpen: (conversation, stamp, activity) => {
      stampOpen.run(stamp, activity, conversation);
    },
    setLarge: (conversation) => {
      setLarge.run(conversation);
    },
  };
}

function createMemberWriter(database: Database): MemberTable['write'] {
  const replace = database.prepare<unknown[]>(
    `INSERT OR REPLACE INTO member (conversation, user, ${COLUMNS}, stamp, large, open_from, role)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  // Omits the indexed columns, so that a changed cursor or a new message does not write the indexes.
  const update = database.prepare<unknown[]>(
    `UPDATE member SET (${COLUMNS}, stamp) =
     (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     WHERE conversation = ? AND user = ?`,
  );
  const keepDraft = database.prepare<[number, number, string]>('INSERT OR REPLACE INTO draft VALUES (?, ?, ?)');
  const dropDraft = database.prepare<[number, number]>('DELETE FROM draft WHERE conversation = ? AND user = ?');
  return (member, stamp, before) => {
    const { conversation, user, draft } = member;
    const openFrom = openPeriod(member)?.from ?? null;
    const sameIndexes = before?.large === member.large && before.openFrom === openFrom && before.role === member.role;
    if (sameIndexes) update.run(...format(member), stamp, conversation, user);
    else {
      const indexed = [Number(member.large), openFrom, ROLES.indexOf(member.role)];
      replace.run(conversation, user, ...format(member), stamp, ...indexed);
    }
    if (draft.revision === (before?.draftRevision ?? 0)) return;
    if (draft.text === '') dropDraft.run(conversation, user);
    else keepDraft.run(conversation, user, draft.text);
  };
}

function createMemberQueries(
  database: Database,
): Pick<MemberTable, 'openPage' | 'receipts' | 'countReaders' | 'countLarge' | 'largeConversations'> {
  const openPage = database.prepare<[number, number, number], { user: number; role: number }>(
    `SELECT user, role FROM member INDEXED BY member_open
     WHERE conversation = ? AND user > ? AND open_from IS NOT NULL ORDER BY user LIMIT ?`,
  );
  const receipts = database.prepare<[number, number], Receipt>(
    `SELECT user, shown, shown_at AS shownAt, delivered, delivered_at AS deliveredAt, open_from AS "from" FROM member INDEXED BY member_open
     WHERE conversation = ? AND open_from IS NOT NULL ORDER BY user LIMIT ?`,
  );
  const countReaders = database
    .prepare<[number, number, number, number], number>(
      'SELECT count(*) FROM member WHERE conversation = ? AND user <> ? AND open_from <= ? AND shown >= ?',
    )
    .pluck();
  const ofLarge = `FROM member m INDEXED BY member_large JOIN conversation c ON c.id = m.conversation
     WHERE m.user = ? AND m.large = 1 AND m.open_from IS NOT NULL AND c.settings & ${DELETED} = 0`;
  const countLarge = database.prepare<[number], number>(`SELECT count(*) ${ofLarge}`).pluck();
  const largeConversations = database
    .prepare<[number], number>(`SELECT m.conversation ${ofLarge} ORDER BY m.conversation`)
    .pluck();
  return {
    openPage: (conversation, after, limit) =>
      openPage.all(conversation, after, limit).map(({ user, role }) => ({ user, role: parseRole(role) })),
    receipts: (conversation, limit) => receipts.all(conversation, limit),
    countReaders: (conversation, author, sequence) => countReaders.get(conversation, author, sequence, sequence) ?? 0,
    countLarge: (user) => countLarge.get(user) ?? 0,
    largeConversations: (user) => largeConversations.all(user),
  };
}
