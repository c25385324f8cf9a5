import type { ChatLimits } from './limits.js';
import type { FileRef, Message } from './message.js';
import type { MessageId, UserId } from './model.js';

/** External input of a command: the rules themselves use no clock and no randomness. */
export interface CommandContext {
  /** The authenticated user of the session that sent it. */
  readonly actor: UserId;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** New and random; used if the command appends a message. */
  readonly messageId: MessageId;
  readonly limits: ChatLimits;
  /** SHA-256 of the command's `secret`, 64 lower-case hex digits; absent if it has none. */
  readonly secretHash?: string;
  /** Whether the actor is an administrator; set only for commands that depend on it. */
  readonly administrator?: boolean;
  /** The creator of the invitation used to join, if suspended. */
  readonly suspended?: readonly UserId[];
  /**
   * Users who inherit a group only if no other member remains: the suspended users and guests who would come first. Set only for
   * a departure.
   */
  readonly heirsAvoided?: readonly UserId[];
  /** Suspended or deleted users whom the command names: nothing new starts with them. */
  readonly inactive?: readonly UserId[];
  /** Guests whom a `setRole` names. */
  readonly guests?: readonly UserId[];
  /** The message that a `forward` names, as its actor may read it; otherwise `null` or absent. */
  readonly forwarded?: Message | null;
  /** The files that a `send` or a `setPicture` names; `null` if the actor may not attach one of them. */
  readonly files?: readonly FileRef[] | null;
}
