import type { ConversationId, ConversationKind, MessageName, UserId } from './model.js';

/** A conversation that a user is or was a member of. */
export interface Membership {
  readonly conversation: ConversationId;
  readonly kind: ConversationKind;
  /** Whether the last stay is open. */
  readonly open: boolean;
}

/** Reads and removes what a deleted account left in conversations. */
export interface Departures {
  /** Returns the undeleted conversations that the user ever was a member of, by id. */
  memberships(user: UserId): Promise<readonly Membership[]>;

  /**
   * Returns texts of the user in one conversation, regardless of their visibility, by sequence, strictly above `after`; leaves
   * out recalled ones. The answer contains exactly the texts after `after` up to `next`; `next` is `null` if there are no more. A
   * call does a bounded amount of work.
   */
  ownTexts(
    user: UserId,
    conversation: ConversationId,
    after: number,
    limit: number,
  ): Promise<{ readonly texts: readonly MessageName[]; readonly next: number | null }>;

  /**
   * Removes what only this user could see or set: drafts, hidden messages, follows, blocks by and of the user, links to groups by
   * the user, and stored results of commands. The user's files that no message carries become due for the next sweep. Idempotent.
   */
  forgetUser(user: UserId): Promise<void>;

  /**
   * Overwrites everything removed before the call in all files of the store, including its write-ahead log. Returns `false` if
   * this is impossible now, for example because an older state is being read; the caller should retry later.
   */
  purge(): Promise<boolean>;
}
