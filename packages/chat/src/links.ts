import type { ChangeCondition, NewUser, User, UserChange } from './user.js';

/**
 * What a link lets its holder do: become the first administrator, join with an account, join as a guest, set a new password, or confirm a mail address.
 * Only a hash of its secret is stored.
 */
export type LinkKind = 'setup' | 'account' | 'guest' | 'reset' | 'email';

export interface Link {
  readonly id: string;
  readonly kind: LinkKind;
  /** Who made it; of `reset` whose password it sets; of `email` whose address it confirms; `null` of `setup`. */
  readonly user: number | null;
  /** What its maker recognises it by. */
  readonly label: string;
  readonly createdAt: number;
  /** Milliseconds since the epoch; from then on it is of no use. */
  readonly expiresAt: number;
  readonly usesMax: number;
  readonly uses: number;
}

/** Place of an invitation in the order of `links`; it may have ended since. */
export interface LinkPosition {
  readonly createdAt: number;
  readonly id: string;
}

/** `link_ended`: unknown, expired, revoked or used up; which of them is not said. */
export type Joined =
  | { readonly outcome: 'joined'; readonly user: User; readonly link: Link }
  | { readonly outcome: 'link_ended' | 'name_taken' };

export type Redeemed =
  | { readonly outcome: 'changed'; readonly user: User }
  | { readonly outcome: 'link_ended' | 'name_taken' };

/**
 * - `createLink`: a new `setup` link ends the one before, a new `reset` or `email` link ends that person's one before of its kind. No link of an account that is not active is made,
 *   and no invitation where its maker has `invitationsMax` (default: no limit) that can be used at `createdAt`, also of many at once.
 * - `link` and `links` name only those that can still be used at `now`. `links` has invitations alone, of one person or of all
 *   (`null`), ordered by (createdAt, id); at most `limit`, strictly after `after`.
 * - `joinByLink` makes the person and counts one use in one step, or does neither. The kind gives the role; of two who use
 *   a link for one at once, one joins. A `setup` link is of no use where there is an administrator.
 *   Nobody joins by a `reset` or `email` link.
 * - A link of an account that is not active is of no use: `link`, `links`, `joinByLink` and `redeemLink` do not know it.
 * - `redeemLink` changes somebody who is known and counts one use in one step, or does neither. The person must be active and have `role` of the condition.
 * - `revokeLink` is idempotent; `by` is whose link it has to be, `null` for any. Answers whether there was one.
 */
export interface Links {
  createLink(
    link: Omit<Link, 'uses'> & { readonly secretHash: string },
    invitationsMax?: number,
  ): Promise<'created' | 'not_active' | 'too_many'>;
  link(secretHash: string, now: number): Promise<Link | null>;
  links(
    user: number | null,
    now: number,
    page: { readonly after: LinkPosition | null; readonly limit: number },
  ): Promise<readonly Link[]>;
  revokeLink(id: string, by: number | null): Promise<boolean>;
  joinByLink(secretHash: string, user: Omit<NewUser, 'role'>, now: number): Promise<Joined>;
  redeemLink(
    secretHash: string,
    kind: LinkKind,
    change: UserChange & { readonly user: number },
    now: number,
    condition?: Pick<ChangeCondition, 'role'>,
  ): Promise<Redeemed>;
}
