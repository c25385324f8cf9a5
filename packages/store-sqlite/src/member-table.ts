import type { ConversationId, Ended, Member, Period, Receipt, Role, UserId } from '@everywire/chat';
import { openPeriod } from '@everywire/chat/internal';
import type Database from 'better-sqlite3';

type Row = [
  conversation: number,
  user: number,
  role: number,
  sent: number,
  read: number,
  readAt: number,
  readOrdinal: number,
  readSent: number,
  shown: number,
  delivered: number,
  cleared: number,
  mark: number,
  hasDraft: number,
  draftRevision: number,
  revision: number,
  activity: number,
  ended: number | null,
  endedName: string | null,
  periods: string,
  large: number,
];

const COLUMNS = `role, sent, read, read_at, read_ordinal, read_sent, shown, delivered, cleared, mark, has_draft,
  draft_revision, revision, activity, ended, ended_name, periods`;
const OWNER = 0;
const MEMBER = 1;
const LEFT = 0;
const REMOVED = 1;

/** What a write must know of the row that was there. */
export interface Place {
  readonly user: UserId;
  readonly stamp: number;
  readonly activity: number;
  readonly large: boolean;
  readonly openFrom: number | null;
  readonly draftRevision: number;
}

type PlaceRow = [
  user: number,
  stamp: number,
  activity: number,
  large: number,
  openFrom: number | null,
  draftRevision: number,
];
const PLACE_COLUMNS = 'user, stamp, activity, large, open_from, draft_revision';

/** The table `member`, list order aside. */
export interface MemberTable {
  get(conversation: ConversationId, user: UserId): Member | null;
  place(conversation: ConversationId, user: UserId): Place | null;
  /** Of the open members, by user id; at most a small conversation's unless it has just grown large. */
  openPlaces(conversation: ConversationId): readonly Place[];
  /** Writes the whole row with this stamp; `before` is its place until now, `null` when it is new. */
  write(member: Member, stamp: number, before: Place | null): void;
  /** A message or touch in a small conversation: every open member's row (CH-13). */
  stampOpen(conversation: ConversationId, stamp: number, activity: number): void;
  /** Crossing into large: the open members; the stub of a former one shows nothing of it (CH-13). */
  setLarge(conversation: ConversationId): void;
  /** Open members above `after`, by user id. */
  openPage(
    conversation: ConversationId,
    after: UserId,
    limit: number,
  ): readonly { readonly user: UserId; readonly role: Role }[];
  receipts(conversation: ConversationId, limit: number): readonly Receipt[];
  /** Open members but `author` who were members at `sequence` and were shown it. */
  countReaders(conversation: ConversationId, author: UserId, sequence: number): number;
  countLarge(user: UserId): number;
  /** Large conversations this user is an open member of, by id. */
  largeConversations(user: UserId): readonly ConversationId[];
}

export function createMemberTable(database: Database.Database): MemberTable {
  const one = database
    .prepare<[number, number], Row>(
      `SELECT conversation, user, ${COLUMNS}, large FROM member WHERE conversation = ? AND user = ?`,
    )
    .raw();
  const draft = database
    .prepare<[number, number], string>('SELECT text FROM draft WHERE conversation = ? AND user = ?')
    .pluck();
  return {
    get: (conversation, user) => {
      const row = one.get(conversation, user);
      return row === undefined ? null : parse(row, () => draft.get(conversation, user) ?? '');
    },
    ...createPlaces(database),
    ...createMemberQueries(database),
    write: createMemberWriter(database),
  };
}

function createPlaces(
  database: Database.Database,
): Pick<MemberTable, 'place' | 'openPlaces' | 'stampOpen' | 'setLarge'> {
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

function createMemberWriter(database: Database.Database): MemberTable['write'] {
  const replace = database.prepare<unknown[]>(
    `INSERT OR REPLACE INTO member (conversation, user, ${COLUMNS}, stamp, large, open_from)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  // Leaves alone what the indexes hold, so that they are not written at every cursor and every message.
  const update = database.prepare<unknown[]>(
    `UPDATE member SET (${COLUMNS}, stamp) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     WHERE conversation = ? AND user = ?`,
  );
  const keepDraft = database.prepare<[number, number, string]>('INSERT OR REPLACE INTO draft VALUES (?, ?, ?)');
  const dropDraft = database.prepare<[number, number]>('DELETE FROM draft WHERE conversation = ? AND user = ?');
  return (member, stamp, before) => {
    const { conversation, user, draft } = member;
    const openFrom = openPeriod(member)?.from ?? null;
    const sameIndexes = before !== null && before.large === member.large && before.openFrom === openFrom;
    if (sameIndexes) update.run(...format(member), stamp, conversation, user);
    else replace.run(conversation, user, ...format(member), stamp, Number(member.large), openFrom);
    if (draft.revision === (before?.draftRevision ?? 0)) return;
    if (draft.text === '') dropDraft.run(conversation, user);
    else keepDraft.run(conversation, user, draft.text);
  };
}

function createMemberQueries(
  database: Database.Database,
): Pick<MemberTable, 'openPage' | 'receipts' | 'countReaders' | 'countLarge' | 'largeConversations'> {
  const openPage = database.prepare<[number, number, number], { user: number; role: number }>(
    `SELECT user, role FROM member INDEXED BY member_open
     WHERE conversation = ? AND user > ? AND open_from IS NOT NULL ORDER BY user LIMIT ?`,
  );
  const receipts = database.prepare<[number, number], Receipt>(
    `SELECT user, shown, delivered, open_from AS "from" FROM member INDEXED BY member_open
     WHERE conversation = ? AND open_from IS NOT NULL ORDER BY user LIMIT ?`,
  );
  const countReaders = database
    .prepare<[number, number, number, number], number>(
      'SELECT count(*) FROM member WHERE conversation = ? AND user <> ? AND open_from <= ? AND shown >= ?',
    )
    .pluck();
  const countLarge = database
    .prepare<[number], number>(
      'SELECT count(*) FROM member INDEXED BY member_large WHERE user = ? AND large = 1 AND open_from IS NOT NULL',
    )
    .pluck();
  const largeConversations = database
    .prepare<[number], number>(
      `SELECT conversation FROM member INDEXED BY member_large
       WHERE user = ? AND large = 1 AND open_from IS NOT NULL ORDER BY conversation`,
    )
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

function format(m: Member): readonly unknown[] {
  const counters = [m.sent, m.read, m.readAt, m.readOrdinal, m.readSent, m.shown, m.delivered, m.cleared];
  const own = [Number(m.mark), Number(m.draft.text !== ''), m.draft.revision, m.revision];
  const ended = m.ended === null ? [null, null] : [m.ended.how === 'left' ? LEFT : REMOVED, m.ended.name];
  const role = m.role === 'owner' ? OWNER : MEMBER;
  return [role, ...counters, ...own, m.activity, ...ended, formatPeriods(m.periods)];
}

function parse(row: Row, draftText: () => string): Member {
  const [conversation, user, role, sent, read, readAt, readOrdinal, readSent, shown, delivered, cleared, ...rest] = row;
  const [mark, hasDraft, draftRevision, revision, activity, ended, endedName, periods, large] = rest;
  return {
    conversation,
    user,
    role: parseRole(role),
    sent,
    read,
    readAt,
    readOrdinal,
    readSent,
    shown,
    delivered,
    cleared,
    mark: mark === 1,
    draft: { text: hasDraft === 1 ? draftText() : '', revision: draftRevision },
    revision,
    activity,
    large: large === 1,
    ended: parseEnded(ended, endedName),
    periods: parsePeriods(periods),
  };
}

function parsePlace([user, stamp, activity, large, openFrom, draftRevision]: PlaceRow): Place {
  return { user, stamp, activity, large: large === 1, openFrom, draftRevision };
}

function parseRole(role: number): Role {
  return role === OWNER ? 'owner' : 'member';
}

function parseEnded(how: number | null, name: string | null): Ended | null {
  return how === null ? null : { how: how === LEFT ? 'left' : 'removed', name: name ?? '' };
}

/** One array of numbers, three a period; the open one, which is the last, has but its start: `[1,40,9,52]`. */
function formatPeriods(periods: readonly Period[]): string {
  const numbers = periods.flatMap(({ from, to, toModification }) =>
    to === null ? [from] : [from, to, toModification],
  );
  return JSON.stringify(numbers);
}

function parsePeriods(text: string): readonly Period[] {
  const numbers: readonly number[] = JSON.parse(text);
  const periods: Period[] = [];
  for (let index = 0; index < numbers.length; index += 3) {
    const [from = 0, to = null, toModification = null] = numbers.slice(index, index + 3);
    periods.push({ from, to, toModification });
  }
  return periods;
}
