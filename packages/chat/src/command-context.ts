import type { ChatLimits } from './limits.js';
import type { FileRef, Message } from './message.js';
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
  /** SHA-256 of the command's `secret`, 64 lower-case hex digits; absent where it has none. */
  readonly secretHash?: string;
  /** The actor is an administrator of the place; asked only for what that matters to. */
  readonly administrator?: boolean;
  /** Who made the invitation that somebody joins by, where that person is suspended. */
  readonly suspended?: readonly UserId[];
  /** People to whom a group passes only where there is nobody else: suspended ones and guests who would come first; asked for only where somebody leaves. */
  readonly heirsAvoided?: readonly UserId[];
  /** People whom the command names and who are suspended or deleted: nothing new begins with them. */
  readonly inactive?: readonly UserId[];
  /** Guests whom a `setRole` names. */
  readonly guests?: readonly UserId[];
  /** The message that a `forward` names, as its actor may read it; `null` or absent where that is not so. */
  readonly forwarded?: Message | null;
  /** The files that a `send` or a `setPicture` names, as its actor may attach them; `null` where one of them is not there for the actor. */
  readonly files?: readonly FileRef[] | null;
}
