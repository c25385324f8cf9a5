import type { ChatLimits } from './limits.js';
import type { FileRef, Message } from './message.js';
import type { MessageId, UserId } from './model.js';

/**
 * External input of a command. The rules themselves use no clock and no randomness, so that their results are
 * reproducible.
 */
export interface CommandContext {
  /** The authenticated user of the session that sent the command. */
  readonly actor: UserId;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** A new random id, which is used if the command appends a message. */
  readonly messageId: MessageId;
  readonly limits: ChatLimits;
  /** SHA-256 of the command's `secret`, 64 lower-case hex digits; absent if it has none. */
  readonly secretHash?: string;
  /** Whether the actor is an administrator; set only for commands that depend on it. */
  readonly administrator?: boolean;
  /** The creator of the invitation that a `join` uses, if that account is suspended. */
  readonly suspended?: readonly UserId[];
  /**
   * Users who become the owner of a group only if no other member remains: the suspended users and guests who would
   * come first. Set only if the actor leaves or is deleted.
   */
  readonly heirsAvoided?: readonly UserId[];
  /**
   * Suspended or deleted users whom the command names. They cannot be added, and no conversation with them can be
   * created.
   */
  readonly inactive?: readonly UserId[];
  /** Guests whom a `setRole` names. */
  readonly guests?: readonly UserId[];
  /** The message that a `forward` names, as its actor may read it; otherwise `null` or absent. */
  readonly forwarded?: Message | null;
  /** The files that a `send` or a `setPicture` names; `null` if the actor may not attach one of them. */
  readonly files?: readonly FileRef[] | null;
}
