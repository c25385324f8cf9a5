import type { Follow, Member } from '@everywire/chat';
import { openPeriod } from '@everywire/chat/internal';
import { arraysOf, columnNames, settingsOf, unnestOf } from './columns.js';
import { FOLLOW_COLUMNS } from './follow-row.js';
import type { SentStatement } from './lane-connection.js';
import { INBOX_COLUMNS, MEMBER_COLUMNS } from './member-row.js';
import { FOLLOW } from './write-side-tables.js';
import { type Ask, askInto, PLACE, type Written } from './written.js';

/** Stamps all open rows of a conversation that is small or is becoming large. */
const STAMP_OPEN = `
  UPDATE inbox i SET stamp = pg_current_xact_id(), activity = u.activity, large = i.large OR u.large
  FROM unnest($1::int8[], $2::int8[], $3::bool[]) AS u(conversation, activity, large)
  WHERE i.conversation = u.conversation AND i.is_open`;

const STAMP = `UPDATE inbox i SET stamp = pg_current_xact_id()
  FROM unnest($1::int8[], $2::int8[]) AS u(conversation, usr) WHERE i.conversation = u.conversation AND i.usr = u.usr`;

const CREATE_MEMBERS: string = `INSERT INTO member (${columnNames(MEMBER_COLUMNS)}) SELECT * FROM ${unnestOf(MEMBER_COLUMNS, 'u')} ORDER BY conversation, usr`;

const WRITE_MEMBERS: string = `UPDATE member m SET ${settingsOf(MEMBER_COLUMNS, 'u', PLACE)}
  FROM ${unnestOf(MEMBER_COLUMNS, 'u')} WHERE m.conversation = u.conversation AND m.usr = u.usr`;

const CREATE_INBOXES: string = `INSERT INTO inbox (${columnNames(INBOX_COLUMNS)}, stamp)
  SELECT *, pg_current_xact_id() FROM ${unnestOf(INBOX_COLUMNS, 'u')} ORDER BY conversation, usr`;

const WRITE_INBOXES: string = `UPDATE inbox i SET ${settingsOf(INBOX_COLUMNS, 'u', PLACE)}, stamp = pg_current_xact_id()
  FROM ${unnestOf(INBOX_COLUMNS, 'u')} WHERE i.conversation = u.conversation AND i.usr = u.usr`;

/** Writes and stamps rows of members; changes nothing else (CH-6, CH-23). */
export function memberWritesOf(
  members: readonly Member[],
  follows: readonly Follow[],
  followsMax: number,
): readonly SentStatement[] {
  const asked: SentStatement[] = [];
  const ask = askInto(asked);
  ask(WRITE_MEMBERS, arraysOf(MEMBER_COLUMNS, members));
  const places = [members.map(({ conversation }) => conversation), members.map(({ user }) => user)];
  ask(STAMP, places);
  ask(FOLLOW, arraysOf(FOLLOW_COLUMNS, follows), followsMax);
  return asked;
}

/** The rows of the members of one change. */
interface Rowed {
  readonly member: Member;
  readonly known: Member | null;
  /** Whether the conversation's stamp covers the row and nothing else of its row in `inbox` changes. */
  readonly isStampedAnyway: boolean;
}

/**
 * Writes and stamps each row of `changes.members`; then, if the conversation is stamped through its members, stamps
 * every open row (CH-13).
 */
export function writeMembers(group: readonly Written[], ask: Ask): void {
  const stamped = group.flatMap(({ before, changes: { conversation } }) => {
    const becameLarge = conversation?.large === true && before?.large !== true;
    return conversation !== null && (!conversation.large || becameLarge) ? [{ conversation, becameLarge }] : [];
  });
  const stamping = new Set(stamped.map(({ conversation }) => conversation.id));
  const rows = group.flatMap(({ changes, memberBefore }) =>
    changes.members.map((member): Rowed => {
      const known = memberBefore(member.user);
      const isOpen = openPeriod(member) !== null;
      const isSame = known?.large === member.large && openPeriod(known) !== null;
      return { member, known, isStampedAnyway: stamping.has(member.conversation) && isOpen && isSame };
    }),
  );
  const created = rows.filter(({ known }) => known === null).map(({ member }) => member);
  const replaced = rows.filter(({ known }) => known !== null);
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
