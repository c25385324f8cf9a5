import type { CommandId, ConversationId, MemberPlace, NotificationRule } from './model.js';

/** Keyed commands about a member's private settings: they raise only the member's own revision (CH-6). */
export type PersonalCommand = Arrange | Mute | Notify | Mark | Clear | Dismiss;

/** Pins the conversation to the top of the user's list, archives it, or neither. */
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
  /** Milliseconds since the epoch; 0 for not muted. */
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

/** Hides everything up to `sequence` from this member; clamped to the head, never back. */
export interface Clear {
  readonly command: 'clear';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly sequence: number;
}

/** Removes a conversation from the user's list until the next message; a former member's stub permanently. */
export interface Dismiss {
  readonly command: 'dismiss';
  readonly id: CommandId;
  readonly conversation: ConversationId;
}
