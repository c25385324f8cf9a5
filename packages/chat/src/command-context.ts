import type { ChatLimits } from './limits.js';
import type { MessageId, UserId } from './model.js';

/** What a command needs from outside: the rules have no clock and no randomness of their own. */
export interface CommandContext {
  /** Who is signed in on the session that sent it. */
  readonly actor: UserId;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Fresh and random; used if the command appends a message. */
  readonly messageId: MessageId;
  readonly limits: ChatLimits;
}
