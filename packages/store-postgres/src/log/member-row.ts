import { type Member, type MemberPlace, notificationRules, type Period, type Role } from '@everywire/chat';
import { openPeriod } from '@everywire/chat/internal';
import { bytesOf, type Column } from './columns.js';

/** A row of `member`, with the columns `activity` and `large` of the same member's row of `inbox`. */
export interface MemberRow {
  readonly conversation: number;
  readonly usr: number;
  readonly role: number;
  readonly sent: number;
  readonly read: number;
  readonly read_at: number;
  readonly read_ordinal: number;
  readonly read_sent: number;
  readonly shown: number;
  readonly shown_at: number;
  readonly delivered: number;
  readonly delivered_at: number;
  readonly cleared: number;
  readonly hidden_at: number;
  readonly mark: boolean;
  readonly draft: Buffer | null;
  readonly draft_revision: number;
  readonly revision: number;
  readonly place: number;
  readonly mute: number;
  readonly notify: number | null;
  readonly dismissed: number | null;
  readonly ended: number | null;
  readonly ended_name: Buffer | null;
  readonly periods: string;
  readonly activity: number;
  readonly large: boolean;
}

/** The places of a conversation in a member's list. The column `place` is -1, 0 or 1: the index here, minus 1. */
export const PLACES: readonly MemberPlace[] = ['archived', 'normal', 'pinned'];
/** The roles. The column `role` has the index of one of them. */
export const ROLES: readonly Role[] = ['owner', 'member', 'admin', 'reader'];
/** How a membership ended. The column `ended` has the index, or NULL for a current member. */
const HOW_ENDED = ['left', 'removed'] as const;

/** All columns of `member`. */
export const MEMBER_COLUMNS: readonly Column<Member>[] = [
  { name: 'conversation', type: 'int8', of: (m) => m.conversation },
  { name: 'usr', type: 'int8', of: (m) => m.user },
  { name: 'role', type: 'int2', of: (m) => ROLES.indexOf(m.role) },
  { name: 'sent', type: 'int8', of: (m) => m.sent },
  { name: 'read', type: 'int8', of: (m) => m.read },
  { name: 'read_at', type: 'int8', of: (m) => m.readAt },
  { name: 'read_ordinal', type: 'int8', of: (m) => m.readOrdinal },
  { name: 'read_sent', type: 'int8', of: (m) => m.readSent },
  { name: 'shown', type: 'int8', of: (m) => m.shown },
  { name: 'shown_at', type: 'int8', of: (m) => m.shownAt },
  { name: 'delivered', type: 'int8', of: (m) => m.delivered },
  { name: 'delivered_at', type: 'int8', of: (m) => m.deliveredAt },
  { name: 'cleared', type: 'int8', of: (m) => m.cleared },
  { name: 'hidden_at', type: 'int8', of: (m) => m.hiddenAt },
  { name: 'mark', type: 'bool', of: (m) => m.mark },
  { name: 'draft', type: 'bytea', of: (m) => (m.draft.text === '' ? null : bytesOf(m.draft.text)) },
  { name: 'draft_revision', type: 'int8', of: (m) => m.draft.revision },
  { name: 'revision', type: 'int8', of: (m) => m.revision },
  { name: 'place', type: 'int2', of: (m) => PLACES.indexOf(m.place) - 1 },
  { name: 'mute', type: 'int8', of: (m) => m.mute },
  { name: 'notify', type: 'int2', of: (m) => (m.notify === null ? null : notificationRules.indexOf(m.notify)) },
  { name: 'dismissed', type: 'int8', of: (m) => m.dismissed },
  { name: 'ended', type: 'int2', of: (m) => (m.ended === null ? null : HOW_ENDED.indexOf(m.ended.how)) },
  { name: 'ended_name', type: 'bytea', of: (m) => (m.ended === null ? null : bytesOf(m.ended.name)) },
  { name: 'periods', type: 'text', of: (m) => formatPeriods(m.periods) },
  { name: 'open_from', type: 'int8', of: (m) => openPeriod(m)?.from ?? null },
];

/** All columns of `inbox` except the stamp. */
export const INBOX_COLUMNS: readonly Column<Member>[] = [
  { name: 'conversation', type: 'int8', of: (m) => m.conversation },
  { name: 'usr', type: 'int8', of: (m) => m.user },
  { name: 'activity', type: 'int8', of: (m) => m.activity },
  { name: 'is_open', type: 'bool', of: (m) => openPeriod(m) !== null },
  { name: 'large', type: 'bool', of: (m) => m.large },
];

/** Converts a row to a `Member`. */
export function parseMember(row: MemberRow): Member {
  const how = row.ended === null ? undefined : HOW_ENDED[row.ended];
  return {
    conversation: row.conversation,
    user: row.usr,
    role: ROLES[row.role] ?? 'reader',
    sent: row.sent,
    read: row.read,
    readAt: row.read_at,
    readOrdinal: row.read_ordinal,
    readSent: row.read_sent,
    shown: row.shown,
    shownAt: row.shown_at,
    delivered: row.delivered,
    deliveredAt: row.delivered_at,
    cleared: row.cleared,
    hiddenAt: row.hidden_at,
    mark: row.mark,
    draft: { text: row.draft?.toString('utf8') ?? '', revision: row.draft_revision },
    revision: row.revision,
    place: PLACES[row.place + 1] ?? 'normal',
    mute: row.mute,
    notify: row.notify === null ? null : (notificationRules[row.notify] ?? null),
    dismissed: row.dismissed,
    activity: row.activity,
    large: row.large,
    ended: how === undefined ? null : { how, name: row.ended_name?.toString('utf8') ?? '' },
    periods: parsePeriods(row.periods),
  };
}

/**
 * Formats the periods of a member (stays in the conversation) as JSON: one array with three numbers per period, `from`,
 * `to` and `toModification`. An open period, always the last one, has only its start: `[1,40,9,52]`.
 */
function formatPeriods(periods: readonly Period[]): string {
  return JSON.stringify(
    periods.flatMap(({ from, to, toModification }) => (to === null ? [from] : [from, to, toModification])),
  );
}

function parsePeriods(text: string): readonly Period[] {
  const numbers = JSON.parse(text) as readonly number[];
  const periods: Period[] = [];
  for (let index = 0; index < numbers.length; index += 3) {
    const [from = 0, to = null, toModification = null] = numbers.slice(index, index + 3);
    periods.push({ from, to, toModification });
  }
  return periods;
}
