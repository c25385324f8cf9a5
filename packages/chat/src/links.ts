import type { NewUser, User, UserChange } from './user.js';

/**
 * What a link lets its holder do: become the first administrator, join with an account, join as a guest, or set a new password.
 * Only a hash of its secret is stored.
 */
export type LinkKind = 'setup' | 'account' | 'guest' | 'reset';

export interface Link {
  readonly id: string;
  readonly kind: LinkKind;
  /** Who made it; of `reset` whose password it sets; `null` of `setup`. */
  readonly user: number | null;
  /** What its maker recognises it by. */
  readonly label: string;
  readonly createdAt: number;
  /** Milliseconds since the epoch; from then on it is of no use. */
  readonly expiresAt: number;
  readonly usesMax: number;
  readonly uses: number;
}

/** `link_ended`: unknown, expired, revoked or used up; which of them is not said. */
export type Joined =
  | { readonly outcome: 'joined'; readonly user: User; readonly link: Link }
  | { readonly outcome: 'link_ended' | 'name_taken' };

export type Redeemed =
  | { readonly outcome: 'changed'; readonly user: User }
  | { readonly outcome: 'link_ended' | 'name_taken' };

/**
 * - `createLink`: a new `setup` link ends the one before, a new `reset` link ends that person's one before.
 * - `link` and `links` name only those that can still be used at `now`. `links` has invitations alone, of one person or of all
 *   (`null`), ordered by (createdAt, id); at most 100.
 * - `joinByLink` makes the person and counts one use in one step, or does neither. The kind gives the role; of two who use
 *   a link for one at once, one joins. A `setup` link is of no use where there is an administrator.
 * - `redeemLink` changes somebody who is known and counts one use in one step, or does neither.
 * - `revokeLink` is idempotent; `by` is whose link it has to be, `null` for any. Answers whether there was one.
 */
export interface Links {
  createLink(link: Omit<Link, 'uses'> & { readonly secretHash: string }): Promise<void>;
  link(secretHash: string, now: number): Promise<Link | null>;
  links(user: number | null, now: number): Promise<readonly Link[]>;
  revokeLink(id: string, by: number | null): Promise<boolean>;
  joinByLink(secretHash: string, user: Omit<NewUser, 'role'>, now: number): Promise<Joined>;
  redeemLink(
    secretHash: string,
    kind: LinkKind,
    change: UserChange & { readonly user: number },
    now: number,
  ): Promise<Redeemed>;
}
