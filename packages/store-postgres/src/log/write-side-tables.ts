import type { Changes, ConversationId, Follow, Hidden, Invite, Version } from '@everywire/chat';
import { arraysOf, bytesOf, type Column, columnNames, settingsOf, unnestOf } from './columns.js';
import { FOLLOW_COLUMNS } from './follow-row.js';
import { INVITE_COLUMNS } from './invite-row.js';
import { type Ask, PLACE, type Written } from './written.js';

const VERSION_COLUMNS: readonly Column<Version>[] = [
  { name: 'conversation', type: 'int8', of: (v) => v.conversation },
  { name: 'sequence', type: 'int8', of: (v) => v.sequence },
  { name: 'modification', type: 'int8', of: (v) => v.modification },
  { name: 'body', type: 'bytea', of: (v) => bytesOf(JSON.stringify(v.body)) },
  { name: 'at', type: 'int8', of: (v) => v.at },
];

const HIDDEN_COLUMNS: readonly Column<Hidden>[] = [
  { name: 'conversation', type: 'int8', of: (h) => h.conversation },
  { name: 'usr', type: 'int8', of: (h) => h.user },
  { name: 'sequence', type: 'int8', of: (h) => h.sequence },
  { name: 'at', type: 'int8', of: (h) => h.at },
  { name: 'root', type: 'int8', of: (h) => h.root },
  { name: 'counts', type: 'bool', of: (h) => h.counts },
];

/** Stores the texts that messages had before an edit. */
const KEEP_VERSIONS: string = `INSERT INTO version (${columnNames(VERSION_COLUMNS)}) SELECT * FROM ${unnestOf(VERSION_COLUMNS, 'u')}`;

const HIDE: string = `INSERT INTO hidden (${columnNames(HIDDEN_COLUMNS)}) SELECT * FROM ${unnestOf(HIDDEN_COLUMNS, 'u')} ON CONFLICT DO NOTHING`;

const UNFOLLOW = `DELETE FROM follow f USING unnest($1::int8[], $2::int8[]) AS u(conversation, usr)
  WHERE f.conversation = u.conversation AND f.usr = u.usr`;

/** Inserts invitations, or replaces those with the same id. */
const PUT_INVITES: string = `INSERT INTO invite (${columnNames(INVITE_COLUMNS)}) SELECT * FROM ${unnestOf(INVITE_COLUMNS, 'u')}
  ON CONFLICT (conversation, id) DO UPDATE SET ${settingsOf(INVITE_COLUMNS, 'excluded', ['conversation', 'id'])}`;

const DROP_INVITES = `DELETE FROM invite i USING unnest($1::int8[], $2::bytea[]) AS u(conversation, id)
  WHERE i.conversation = u.conversation AND i.id = u.id`;

const SET_RECEIPTS = `INSERT INTO person (usr, receipts) SELECT * FROM unnest($1::int8[], $2::bool[])
  ON CONFLICT (usr) DO UPDATE SET receipts = excluded.receipts`;

const BLOCK = `INSERT INTO block (usr, blocked, at) SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[])
  ON CONFLICT (usr, blocked) DO UPDATE SET at = excluded.at`;

const UNBLOCK = `DELETE FROM block b USING unnest($1::int8[], $2::int8[]) AS u(usr, blocked) WHERE b.usr = u.usr AND b.blocked = u.blocked`;

/**
 * Writes follows: the cursors of members in the threads that they follow. When a member has more than $8 follows in a
 * conversation, deletes those of the oldest threads. `kept` unites the written rows with the stored ones, because a
 * statement does not see the rows that its own WITH clause writes.
 */
export const FOLLOW: string = `WITH written AS (
    INSERT INTO follow (${columnNames(FOLLOW_COLUMNS)}) SELECT * FROM ${unnestOf(FOLLOW_COLUMNS, 'u')}
    ON CONFLICT (conversation, usr, root) DO UPDATE SET ${settingsOf(FOLLOW_COLUMNS, 'excluded', [...PLACE, 'root'])}
    RETURNING conversation, usr, root
  ), kept AS (
    SELECT conversation, usr, root FROM written
    UNION
    SELECT f.conversation, f.usr, f.root FROM follow f JOIN (SELECT DISTINCT conversation, usr FROM written) w
      ON w.conversation = f.conversation AND w.usr = f.usr
  )
  DELETE FROM follow f USING (
    SELECT *, row_number() OVER (PARTITION BY conversation, usr ORDER BY root DESC) AS place FROM kept
  ) AS k WHERE k.place > $${FOLLOW_COLUMNS.length + 1}::int8 AND f.conversation = k.conversation AND f.usr = k.usr AND f.root = k.root`;

/**
 * Adds the statements that write message versions, hidden messages, follows, invitations, receipt settings, and blocks
 * (one user blocks another).
 */
export function writeSideTables(group: readonly Written[], followsMax: number, ask: Ask): void {
  const all = <Row>(of: (changes: Changes) => readonly Row[]): readonly Row[] =>
    group.flatMap(({ changes }) => of(changes));
  const conversationOf = (each: Written): ConversationId => (each.changes.conversation ?? each.before)?.id ?? 0;
  ask(
    KEEP_VERSIONS,
    arraysOf(
      VERSION_COLUMNS,
      all(({ versions }) => versions),
    ),
  );
  ask(
    HIDE,
    arraysOf(
      HIDDEN_COLUMNS,
      all(({ hidden }) => hidden),
    ),
  );
  const gone = group.flatMap((each) => each.changes.unfollow.map((user) => [conversationOf(each), user] as const));
  ask(UNFOLLOW, [gone.map(([conversation]) => conversation), gone.map(([, user]) => user)]);
  ask(
    FOLLOW,
    arraysOf<Follow>(
      FOLLOW_COLUMNS,
      all(({ follows }) => follows),
    ),
    followsMax,
  );
  const dropped = group.flatMap((each) =>
    (each.changes.invites?.drop ?? []).map((id) => [conversationOf(each), id] as const),
  );
  ask(DROP_INVITES, [dropped.map(([conversation]) => conversation), dropped.map(([, id]) => Buffer.from(id, 'hex'))]);
  ask(
    PUT_INVITES,
    arraysOf<Invite>(
      INVITE_COLUMNS,
      all(({ invites }) => invites?.put ?? []),
    ),
  );
  const choices = group.flatMap(({ changes: { privacy } }) => (privacy === undefined ? [] : [privacy]));
  const receipts = choices.filter((choice) => choice.receipts !== undefined);
  ask(SET_RECEIPTS, [receipts.map(({ user }) => user), receipts.map((choice) => choice.receipts)]);
  const blocks = choices.flatMap(({ user, block }) => (block === undefined ? [] : [{ ...block, by: user }]));
  const made = blocks.filter(({ at }) => at !== null);
  const ended = blocks.filter(({ at }) => at === null);
  ask(BLOCK, [made.map(({ by }) => by), made.map(({ user }) => user), made.map(({ at }) => at)]);
  ask(UNBLOCK, [ended.map(({ by }) => by), ended.map(({ user }) => user)]);
}
