import type { ConversationId, ListPosition, MemberPlace, UserId } from '@everywire/chat';
import { placeRank } from '@everywire/chat/internal';
import type { Place } from './member-row.js';

/** The two orders of a list, as `list_order` numbers them. */
export const BY_STAMP = 0;
export const BY_ACTIVITY = 1;

/** Above any activity in milliseconds; their sum is exact. */
export const RANK_STEP: number = 2 ** 50;

/** What the list is ordered by, rising: what is pinned, then the newest. */
export function orderValue(place: MemberPlace, activity: number): number {
  return -(activity + placeRank[place] * RANK_STEP);
}

export function positionAt({ conversation, value }: { conversation: ConversationId; value: number }): ListPosition {
  const rank = Math.round(-value / RANK_STEP);
  const place = rank > 0 ? 'pinned' : rank < 0 ? 'archived' : 'normal';
  return { place, activity: -value - rank * RANK_STEP, conversation };
}

/** One row's places in both orders. */
export interface Listed {
  readonly user: UserId;
  readonly stamp: number;
  /** `orderValue`; `null` for what is not shown. */
  readonly value: number | null;
}

/** A place in both orders that is shown in both. */
export type Shown = Listed & { readonly value: number };

export function isShown(place: Listed | null): place is Shown {
  return place !== null && place.value !== null;
}

/**
 * Where a row stands in both orders of its user's list. An open member of a large conversation is not in the tree: a message there must
 * not touch absent members (CH-13). `value` is `null` for what was dismissed.
 */
export function listed(place: Place | null, count: number): Listed | null {
  if (place === null || (place.large && place.openFrom !== null)) return null;
  const { user, stamp, activity, dismissed } = place;
  const off = dismissed !== null && (place.openFrom === null || count <= dismissed);
  return { user, stamp, value: off ? null : orderValue(place.place, activity) };
}
