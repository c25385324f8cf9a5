import type { CommandId, Epoch, UserId } from './model.js';

/** Keyed commands (commands with an id) about what other users can see of the user, and who may write to the user. */
export type PrivacyCommand = Block | SetReceipts;

/**
 * Blocks or unblocks a user. While one of two users blocks the other, neither can write in their direct conversation,
 * and the blocked user does not see the blocker's presence.
 */
export interface Block {
  readonly command: 'block';
  readonly id: CommandId;
  readonly user: UserId;
  readonly blocked: boolean;
}

/**
 * Sets whether others see what the user has read. While off, the read position that others see does not move. When
 * switched on again, it moves with the next reading (CH-23).
 */
export interface SetReceipts {
  readonly command: 'setReceipts';
  readonly id: CommandId;
  readonly on: boolean;
}

/** The user's privacy settings. */
export interface Privacy {
  readonly receipts: boolean;
  /** The users whom the user blocks, ordered by id. */
  readonly blocked: readonly UserId[];
}

/** The answers about privacy. */
export interface PrivacyAnswers {
  readonly block: { readonly epoch: Epoch };
  readonly setReceipts: { readonly epoch: Epoch };
  readonly privacy: Privacy;
}
