import type { CommandId, ConversationId, MemberPlace, NotificationRule } from './model.js';

/**
 * Keyed commands (commands with an id) about a member's private settings of a conversation. They change no message and
 * raise only the member's own revision (CH-6).
 */
export type PersonalCommand = Arrange | Mute | Notify | Mark | Clear | Dismiss;

/** Pins the conversation to the top of the user's list, archives it, or returns it to its normal place. */
export interface Arrange {
  readonly command: 'arrange';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly place: MemberPlace;
}

/** Mutes a conversation for this user. */
export interface Mute {
  readonly command: 'mute';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  /** Until when, in milliseconds since the epoch; 0 to unmute. */
  readonly until: number;
}

/** Chooses which messages notify this user, on all devices. */
export interface Notify {
  readonly command: 'notify';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly rule: NotificationRule;
}

/** Marks a conversation as unread, or removes the mark. */
export interface Mark {
  readonly command: 'mark';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly marked: boolean;
}

/** Hides all messages up to `sequence` from this member. The position is limited to the head and never moves back. */
export interface Clear {
  readonly command: 'clear';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly sequence: number;
}

/** Removes a conversation from the user's list until the next message. That of a former member stays removed. */
export interface Dismiss {
  readonly command: 'dismiss';
  readonly id: CommandId;
  readonly conversation: ConversationId;
}
