import type { ConversationId, ListPosition, MemberPlace, UserId } from '@everywire/chat';
import { placeRank } from '@everywire/chat/internal';
import type { Place } from './member-row.js';

/**
 * A user's list of conversations has two orders. By stamp: which conversations changed last (a stamp counts the changes
 * of the store, CH-14). By activity: the order that the user sees, the newest message first. These are the values of
 * the column `by` of `list_order`.
 */
export const BY_STAMP = 0;
/** The value of the column `by` for the order by activity. */
export const BY_ACTIVITY = 1;

/** A number above any activity in milliseconds. The sum of both is below 2^53, so it is exact. */
export const RANK_STEP: number = 2 ** 50;

/** Returns the value by which the visible list is sorted, ascending: pinned conversations first, then the newest. */
export function orderValue(place: MemberPlace, activity: number): number {
  return -(activity + placeRank[place] * RANK_STEP);
}

/** Returns the list position of a sort value: the inverse of `orderValue`. */
export function positionAt({ conversation, value }: { conversation: ConversationId; value: number }): ListPosition {
  const rank = Math.round(-value / RANK_STEP);
  const place = rank > 0 ? 'pinned' : rank < 0 ? 'archived' : 'normal';
  return { place, activity: -value - rank * RANK_STEP, conversation };
}

/** The place of one conversation in both orders of a user's list. */
export interface Listed {
  readonly user: UserId;
  readonly stamp: number;
  /** The `orderValue`; `null` if the list does not show the conversation. */
  readonly value: number | null;
}

/** The place of a conversation that the list shows, so that it is in both orders. */
export type Shown = Listed & { readonly value: number };

/** Returns whether there is a place and the list shows it. */
export function isListed(place: Listed | null): place is Shown {
  return place !== null && place.value !== null;
}

/**
 * Returns the place of a member's conversation in both orders of the member's list; `value` is `null` if the member has
 * dismissed the conversation. Returns `null` for a current member of a large conversation: its messages must not write
 * a row for each member (CH-13), so the list finds it by the index `member_large` instead.
 */
export function listed(place: Place | null, count: number): Listed | null {
  if (place === null || (place.large && place.openFrom !== null)) return null;
  const { user, stamp, activity, dismissed } = place;
  const off = dismissed !== null && (place.openFrom === null || count <= dismissed);
  return { user, stamp, value: off ? null : orderValue(place.place, activity) };
}
