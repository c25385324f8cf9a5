import type { ConversationId, ListPosition, MemberPlace, UserId } from '@everywire/chat';
import { placeRank } from '@everywire/chat/internal';
import type { Place } from './member-row.js';

/** The two orders of a list, as `list_order` numbers them. */
export const BY_STAMP = 0;
export const BY_ACTIVITY = 1;

/** Above any activity in milliseconds; their sum is exact. */
export const RANK_STEP: number = 2 ** 50;

/** Returns the sort value of a list, ascending: pinned first, then newest. */
export function orderValue(place: MemberPlace, activity: number): number {
  return -(activity + placeRank[place] * RANK_STEP);
}

/** Returns the list position of a sort value. */
export function positionAt({ conversation, value }: { conversation: ConversationId; value: number }): ListPosition {
  const rank = Math.round(-value / RANK_STEP);
  const place = rank > 0 ? 'pinned' : rank < 0 ? 'archived' : 'normal';
  return { place, activity: -value - rank * RANK_STEP, conversation };
}

/** One row's places in both orders. */
export interface Listed {
  readonly user: UserId;
  readonly stamp: number;
  /** `orderValue`; `null` if not shown. */
  readonly value: number | null;
}

/** A place in both orders that is shown in both. */
export type Shown = Listed & { readonly value: number };

/** Returns whether a place is shown in both orders. */
export function isListed(place: Listed | null): place is Shown {
  return place !== null && place.value !== null;
}

/**
 * Returns the place of a row in both orders of its user's list; `value` is `null` if dismissed. An open member of a
 * large conversation has none: a message there must not touch absent members (CH-13).
 */
export function listed(place: Place | null, count: number): Listed | null {
  if (place === null || (place.large && place.openFrom !== null)) return null;
  const { user, stamp, activity, dismissed } = place;
  const off = dismissed !== null && (place.openFrom === null || count <= dismissed);
  return { user, stamp, value: off ? null : orderValue(place.place, activity) };
}
