import type { CommandId, Epoch, UserId } from './model.js';

/** Keyed commands about what others get to know of oneself, and who may write to one. */
export type PrivacyCommand = Block | SetReceipts;

/** Nobody writes in the direct conversation of the two while either blocks the other, and the blocked one is not told who is there. */
export interface Block {
  readonly command: 'block';
  readonly id: CommandId;
  readonly user: UserId;
  readonly blocked: boolean;
}

/** Whether others are told what one has read. Off: what they are told stands still; on again, it goes on with the next reading (CH-23). */
export interface SetReceipts {
  readonly command: 'setReceipts';
  readonly id: CommandId;
  readonly on: boolean;
}

/** One's own choices. */
export interface Privacy {
  readonly receipts: boolean;
  /** By id. */
  readonly blocked: readonly UserId[];
}

export interface PrivacyAnswers {
  readonly block: { readonly epoch: Epoch };
  readonly setReceipts: { readonly epoch: Epoch };
  readonly privacy: Privacy;
}
