import type { CommandId, Epoch, UserId } from './model.js';

/** Keyed commands about what others learn about the user, and who may write to them. */
export type PrivacyCommand = Block | SetReceipts;

/**
 * Blocks or unblocks a user. While either blocks the other, neither can write in their direct conversation, and the blocked user
 * does not see the blocker's presence.
 */
export interface Block {
  readonly command: 'block';
  readonly id: CommandId;
  readonly user: UserId;
  readonly blocked: boolean;
}

/**
 * Sets whether others see what the user has read. If off, they see no progress; if on again, it resumes with the next reading
 * (CH-23).
 */
export interface SetReceipts {
  readonly command: 'setReceipts';
  readonly id: CommandId;
  readonly on: boolean;
}

/** The user's privacy settings. */
export interface Privacy {
  readonly receipts: boolean;
  /** By id. */
  readonly blocked: readonly UserId[];
}

/** The answers about privacy. */
export interface PrivacyAnswers {
  readonly block: { readonly epoch: Epoch };
  readonly setReceipts: { readonly epoch: Epoch };
  readonly privacy: Privacy;
}
