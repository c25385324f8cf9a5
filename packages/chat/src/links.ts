import type { ChangeCondition, NewUser, User, UserChange } from './user.js';

/**
 * The purpose of a link that the server issues: `setup`: become the first administrator. `account`: join with an
 * account. `guest`: join as a guest. `reset`: set a new password. `email`: confirm an email address. Only a hash of the
 * link's secret is stored.
 */
export type AccountLinkKind = 'setup' | 'account' | 'guest' | 'reset' | 'email';

/** A link for one purpose. */
export interface AccountLink {
  readonly id: string;
  readonly kind: AccountLinkKind;
  /**
   * The user who created the link. For `reset` and `email`, the user whose password or address it concerns. `null` for
   * `setup`.
   */
  readonly user: number | null;
  /** A name by which its creator recognises it. */
  readonly label: string;
  readonly createdAt: number;
  /** When it expires, in milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly usesMax: number;
  readonly uses: number;
}

/** Position of an invitation in the order of `links`; it may have ended since. */
export interface LinkPosition {
  readonly createdAt: number;
  readonly id: string;
}

/**
 * The result of joining. `link_ended`: the link is unknown, expired, revoked or used up; the answer does not reveal
 * which.
 */
export type Joined =
  | { readonly outcome: 'joined'; readonly user: User; readonly link: AccountLink }
  | { readonly outcome: 'link_ended' | 'name_taken' };

/** The result of redeeming a link. */
export type Redeemed =
  | { readonly outcome: 'changed'; readonly user: User }
  | { readonly outcome: 'link_ended' | 'name_taken' };

/**
 * Stores links.
 *
 * - `createLink`: a new `setup` link ends the previous one. A new `reset` or `email` link ends the user's previous link
 *   of the same kind. Creates no link for an account that is not active. Creates no invitation if its creator has
 *   `invitationsMax` (default: no limit) that are usable at `createdAt`, even with concurrent calls.
 * - `link` and `links` return only links that are usable at `now`. `links` returns invitations of one user or of all
 *   (`null`), ordered by (createdAt, id); at most `limit`, strictly after `after`.
 * - `joinByLink` creates the user and counts one use in one step, or does neither. The kind of the link determines the
 *   role. If two users use a single-use link at the same time, one of them joins. A `setup` link is unusable if there
 *   is an administrator. `reset` and `email` links cannot be used to join.
 * - A link of an account that is not active is unusable: `link`, `links`, `joinByLink` and `redeemLink` treat it as
 *   unknown.
 * - `redeemLink` changes an existing user and counts one use in one step, or does neither. The user must be active and
 *   have the `role` of the condition.
 * - `revokeLink` is idempotent. `by` is the required creator; `null` for any. Returns whether the link existed.
 */
export interface Links {
  createLink(
    link: Omit<AccountLink, 'uses'> & { readonly secretHash: string },
    invitationsMax?: number,
  ): Promise<'created' | 'not_active' | 'too_many'>;
  link(secretHash: string, now: number): Promise<AccountLink | null>;
  links(
    user: number | null,
    now: number,
    page: { readonly after: LinkPosition | null; readonly limit: number },
  ): Promise<readonly AccountLink[]>;
  revokeLink(id: string, by: number | null): Promise<boolean>;
  joinByLink(secretHash: string, user: Omit<NewUser, 'role'>, now: number): Promise<Joined>;
  redeemLink(
    secretHash: string,
    kind: AccountLinkKind,
    change: UserChange & { readonly user: number },
    now: number,
    condition?: Pick<ChangeCondition, 'role'>,
  ): Promise<Redeemed>;
}
