import type { Follow, Member } from '@everywire/chat';
import { openPeriod } from '@everywire/chat/internal';
import { arraysOf, columnNames, settingsOf, unnestOf } from './columns.js';
import { FOLLOW_COLUMNS } from './follow-row.js';
import type { SentStatement } from './lane-connection.js';
import { INBOX_COLUMNS, MEMBER_COLUMNS } from './member-row.js';
import { FOLLOW } from './write-side-tables.js';
import { type Ask, askInto, PLACE, type Written } from './written.js';

/*
 * A row of `inbox` is stamped with the id of this transaction whenever the conversation changes for its member, so that
 * the member's devices find the change in their list (CH-14). A change in a small conversation stamps the rows of all
 * open (current) members. In a large conversation it stamps the row of the conversation instead (CH-13).
 */

/** Stamps the rows of all open members of a conversation that is small or is becoming large. */
const STAMP_OPEN = `
  UPDATE inbox i SET stamp = pg_current_xact_id(), activity = u.activity, large = i.large OR u.large
  FROM unnest($1::int8[], $2::int8[], $3::bool[]) AS u(conversation, activity, large)
  WHERE i.conversation = u.conversation AND i.is_open`;

/** Stamps single rows. */
const STAMP = `UPDATE inbox i SET stamp = pg_current_xact_id()
  FROM unnest($1::int8[], $2::int8[]) AS u(conversation, usr) WHERE i.conversation = u.conversation AND i.usr = u.usr`;

const CREATE_MEMBERS: string = `INSERT INTO member (${columnNames(MEMBER_COLUMNS)}) SELECT * FROM ${unnestOf(MEMBER_COLUMNS, 'u')} ORDER BY conversation, usr`;

const WRITE_MEMBERS: string = `UPDATE member m SET ${settingsOf(MEMBER_COLUMNS, 'u', PLACE)}
  FROM ${unnestOf(MEMBER_COLUMNS, 'u')} WHERE m.conversation = u.conversation AND m.usr = u.usr`;

const CREATE_INBOXES: string = `INSERT INTO inbox (${columnNames(INBOX_COLUMNS)}, stamp)
  SELECT *, pg_current_xact_id() FROM ${unnestOf(INBOX_COLUMNS, 'u')} ORDER BY conversation, usr`;

const WRITE_INBOXES: string = `UPDATE inbox i SET ${settingsOf(INBOX_COLUMNS, 'u', PLACE)}, stamp = pg_current_xact_id()
  FROM ${unnestOf(INBOX_COLUMNS, 'u')} WHERE i.conversation = u.conversation AND i.usr = u.usr`;

/** Returns the statements that write and stamp rows of members and their follows, and nothing else (CH-6, CH-23). */
export function memberWritesOf(
  members: readonly Member[],
  follows: readonly Follow[],
  followsMax: number,
): readonly SentStatement[] {
  const statements: SentStatement[] = [];
  const ask = askInto(statements);
  ask(WRITE_MEMBERS, arraysOf(MEMBER_COLUMNS, members));
  const places = [members.map(({ conversation }) => conversation), members.map(({ user }) => user)];
  ask(STAMP, places);
  ask(FOLLOW, arraysOf(FOLLOW_COLUMNS, follows), followsMax);
  return statements;
}

/** A row of a member to write. */
interface MemberWrite {
  readonly member: Member;
  /** The row before the change; `null` for a new row. */
  readonly before: Member | null;
  /** Whether `STAMP_OPEN` stamps the member's row in `inbox`, and no other column of that row changes. */
  readonly isStampedAnyway: boolean;
}

/**
 * Adds the statements that write and stamp each row of `changes.members`, and that stamp the rows of all open members
 * if the conversation is small or is becoming large (CH-13).
 */
export function writeMembers(group: readonly Written[], ask: Ask): void {
  const stamped = group.flatMap(({ before, changes: { conversation } }) => {
    const becameLarge = conversation?.large === true && before?.large !== true;
    return conversation !== null && (!conversation.large || becameLarge) ? [{ conversation, becameLarge }] : [];
  });
  const stamping = new Set(stamped.map(({ conversation }) => conversation.id));
  const rows = group.flatMap(({ changes, memberBefore }) =>
    changes.members.map((member): MemberWrite => {
      const before = memberBefore(member.user);
      const isOpen = openPeriod(member) !== null;
      const isSame = before?.large === member.large && openPeriod(before) !== null;
      return { member, before, isStampedAnyway: stamping.has(member.conversation) && isOpen && isSame };
    }),
  );
  const created = rows.filter(({ before }) => before === null).map(({ member }) => member);
  const replaced = rows.filter(({ before }) => before !== null);
  const inboxes = replaced.filter(({ isStampedAnyway }) => !isStampedAnyway).map(({ member }) => member);
  ask(CREATE_MEMBERS, arraysOf(MEMBER_COLUMNS, created));
  ask(
    WRITE_MEMBERS,
    arraysOf(
      MEMBER_COLUMNS,
      replaced.map(({ member }) => member),
    ),
  );
  ask(CREATE_INBOXES, arraysOf(INBOX_COLUMNS, created));
  ask(WRITE_INBOXES, arraysOf(INBOX_COLUMNS, inboxes));
  ask(STAMP_OPEN, [
    stamped.map(({ conversation }) => conversation.id),
    stamped.map(({ conversation }) => conversation.activity),
    stamped.map(({ becameLarge }) => becameLarge),
  ]);
}
