import {
  type Ended,
  type Member,
  type MemberPlace,
  notificationRules,
  type Period,
  type Role,
  type UserId,
} from '@everywire/chat';
import { expectStored, readStored } from './damage/stored-value.js';

/** A row of the table `member` in its stored form. */
export type Row = [
  conversation: number,
  user: number,
  sent: number,
  read: number,
  readAt: number,
  readOrdinal: number,
  readSent: number,
  shown: number,
  shownAt: number,
  delivered: number,
  deliveredAt: number,
  cleared: number,
  hiddenAt: number,
  mark: number,
  hasDraft: number,
  draftRevision: number,
  revision: number,
  place: number,
  mute: number,
  notify: number | null,
  dismissed: number | null,
  activity: number,
  ended: number | null,
  endedName: string | null,
  periods: string,
  large: number,
  role: number,
];

/** The columns of `member` in the order of `format`. */
export const COLUMNS: string = `sent, read, read_at, read_ordinal, read_sent, shown, shown_at, delivered, delivered_at, cleared, hidden_at, mark,
  has_draft, draft_revision, revision, place, mute, notify, dismissed, activity, ended, ended_name, periods`;
const PLACES: readonly MemberPlace[] = ['archived', 'normal', 'pinned'];
/** Roles by their number in the column `role`. */
export const ROLES: readonly Role[] = ['owner', 'member', 'admin', 'reader'];
const LEFT = 0;
const REMOVED = 1;

/** The part of the previous row that a write needs. */
export interface Place {
  readonly user: UserId;
  readonly role: Role;
  readonly stamp: number;
  readonly activity: number;
  readonly large: boolean;
  readonly openFrom: number | null;
  readonly place: MemberPlace;
  readonly dismissed: number | null;
  readonly draftRevision: number;
}

/** A row as `PLACE_COLUMNS` selects it. */
export type PlaceRow = [
  user: number,
  role: number,
  stamp: number,
  activity: number,
  large: number,
  openFrom: number | null,
  place: number,
  dismissed: number | null,
  draftRevision: number,
];
/** The columns from which `parsePlace` builds a `Place`. */
export const PLACE_COLUMNS: string = 'user, role, stamp, activity, large, open_from, place, dismissed, draft_revision';

/** Returns the values of `COLUMNS` for a member. */
export function format(m: Member): readonly unknown[] {
  const counters = [m.sent, m.read, m.readAt, m.readOrdinal, m.readSent];
  const reach = [m.shown, m.shownAt, m.delivered, m.deliveredAt, m.cleared, m.hiddenAt];
  const own = [Number(m.mark), Number(m.draft.text !== ''), m.draft.revision, m.revision];
  const ended = m.ended === null ? [null, null] : [m.ended.how === 'left' ? LEFT : REMOVED, m.ended.name];
  const kept = [PLACES.indexOf(m.place) - 1, m.mute, formatRule(m.notify), m.dismissed];
  return [...counters, ...reach, ...own, ...kept, m.activity, ...ended, formatPeriods(m.periods)];
}

/**
 * Parses a row of `member`. `draftText` is called only if the member has a draft, whose text is in another table.
 * Reports damaged periods as damage of the store.
 */
export function parse(row: Row, draftText: () => string): Member {
  const [conversation, user, sent, read, readAt, readOrdinal, readSent, ...others] = row;
  const [shown, shownAt, delivered, deliveredAt, cleared, hiddenAt, ...rest] = others;
  const [mark, hasDraft, draftRevision, revision, ...kept] = rest;
  const [place, mute, notify, dismissed, activity, ended, endedName, periods, large, role] = kept;
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
    shownAt,
    delivered,
    deliveredAt,
    cleared,
    hiddenAt,
    mark: mark === 1,
    draft: { text: hasDraft === 1 ? draftText() : '', revision: draftRevision },
    revision,
    place: parsePlaceRank(place),
    mute,
    notify: notify === null ? null : (notificationRules[notify] ?? null),
    dismissed,
    activity,
    large: large === 1,
    ended: parseEnded(ended, endedName),
    periods: readStored(
      () => `member ${user} of conversation ${conversation}`,
      () => parsePeriods(periods),
    ),
  };
}

/** Formats a rule as its index, NULL for the default. */
function formatRule(rule: Member['notify']): number | null {
  return rule === null ? null : notificationRules.indexOf(rule);
}

/** Parses a row that `PLACE_COLUMNS` selects. */
export function parsePlace([
  user,
  role,
  stamp,
  activity,
  large,
  openFrom,
  place,
  dismissed,
  draftRevision,
]: PlaceRow): Place {
  const kept = { place: parsePlaceRank(place), dismissed };
  return { user, role: parseRole(role), stamp, activity, large: large === 1, openFrom, ...kept, draftRevision };
}

/** Parses a place from its rank: -1, 0, 1. */
function parsePlaceRank(rank: number): MemberPlace {
  return PLACES[rank + 1] ?? 'normal';
}

/** Returns the role of a number; `reader`, the weakest, for an unknown number. */
export function parseRole(role: number): Role {
  return ROLES[role] ?? 'reader';
}

function parseEnded(how: number | null, name: string | null): Ended | null {
  return how === null ? null : { how: how === LEFT ? 'left' : 'removed', name: name ?? '' };
}

/** Formats periods as one array of numbers, three per period; the last, if open, has only its start: `[1,40,9,52]`. */
function formatPeriods(periods: readonly Period[]): string {
  const numbers = periods.flatMap(({ from, to, toModification }) =>
    to === null ? [from] : [from, to, toModification],
  );
  return JSON.stringify(numbers);
}

function parsePeriods(text: string): readonly Period[] {
  const numbers: unknown = JSON.parse(text);
  expectStored(Array.isArray(numbers) && numbers.every(Number.isSafeInteger));
  const periods: Period[] = [];
  for (let index = 0; index < numbers.length; index += 3) {
    const [from = 0, to = null, toModification = null] = numbers.slice(index, index + 3);
    periods.push({ from, to, toModification });
  }
  return periods;
}
