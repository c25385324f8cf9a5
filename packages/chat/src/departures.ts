import type { ConversationId, ConversationKind, MessageName, UserId } from './model.js';

/** A conversation that somebody is or was in. */
export interface Membership {
  readonly conversation: ConversationId;
  readonly kind: ConversationKind;
  /** Whether the last stay goes on. */
  readonly open: boolean;
}

/** What a deleted account left in conversations, and how the last of it goes. */
export interface Departures {
  /** Conversations that the user ever was a member of and that are not deleted, by id. */
  memberships(user: UserId): Promise<readonly Membership[]>;

  /**
   * Texts of the user in one conversation, whoever may see them, by sequence, strictly above `after`; recalled ones are left out. The answer holds every such text
   * after `after` up to `next`, and no other; `null`: there are no more. A call ends after a bounded amount of work.
   */
  ownTexts(
    user: UserId,
    conversation: ConversationId,
    after: number,
    limit: number,
  ): Promise<{ readonly texts: readonly MessageName[]; readonly next: number | null }>;

  /**
   * Removes what only this user could see or chose: drafts, what was hidden, follows, blocks by and of the user, links to groups by the user, and what the user was answered lately. The user's files that no message carries count
   * as unused since the beginning of time, so that the next sweep takes them. Idempotent.
   */
  forgetUser(user: UserId): Promise<void>;

  /**
   * Overwrites what was removed before the call in everything that the store keeps on a disk, the log of its writes included. `false`: not now, for example because
   * somebody reads an older state; ask again later.
   */
  purge(): Promise<boolean>;
}
