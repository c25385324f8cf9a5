import type { ConversationId, ConversationKind, MessageName, UserId } from './model.js';

/** A conversation that a user is or was a member of. */
export interface Membership {
  readonly conversation: ConversationId;
  readonly kind: ConversationKind;
  /** Whether the user is a member now. */
  readonly open: boolean;
}

/** The part of `Store` that reads and removes the data that a deleted account left in conversations. */
export interface Departures {
  /** Returns the undeleted conversations that the user ever was a member of, by id. */
  memberships(user: UserId): Promise<readonly Membership[]>;

  /**
   * Returns the names of texts of the user in one conversation, by sequence, strictly above `after`. Includes texts
   * that the user cannot see; omits recalled ones. The answer contains exactly the texts after `after` up to `next`;
   * `next` is `null` if there are no more. A call does a bounded amount of work.
   */
  ownTexts(
    user: UserId,
    conversation: ConversationId,
    after: number,
    limit: number,
  ): Promise<{ readonly texts: readonly MessageName[]; readonly next: number | null }>;

  /**
   * Removes the data that only this user could see or set: drafts, hidden messages, follows, blocks by and of the user,
   * invitations to groups by the user, and stored results of commands. Files of the user that no message contains are
   * removed by the next sweep. Idempotent.
   */
  forgetUser(user: UserId): Promise<void>;

  /**
   * Overwrites all data that was removed before the call, in all files of the store, including its write-ahead log.
   * Returns `false` if this is impossible now, for example because a reader still uses an older state. The caller
   * should then retry later.
   */
  purge(): Promise<boolean>;
}
