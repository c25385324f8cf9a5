import type { CommandId, ConversationId, MemberPlace, NotificationRule } from './model.js';

/** Keyed commands about what a member keeps to themselves: they bump nothing but the member's own revision (CH-6). */
export type OwnCommand = Arrange | Mute | Notify | Mark | Clear | Dismiss;

/** Pins the conversation to the top of one's list, archives it, or neither. */
export interface Arrange {
  readonly command: 'arrange';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly place: MemberPlace;
}

export interface Mute {
  readonly command: 'mute';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  /** Milliseconds since the epoch; 0 for not muted. */
  readonly until: number;
}

/** Chooses which messages notify this person, on all their devices. */
export interface Notify {
  readonly command: 'notify';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly rule: NotificationRule;
}

/** Marks it unread by hand, or takes the mark off. */
export interface Mark {
  readonly command: 'mark';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly marked: boolean;
}

/** Nothing up to `sequence` is shown to this member any more; clamped to the head, never back. */
export interface Clear {
  readonly command: 'clear';
  readonly id: CommandId;
  readonly conversation: ConversationId;
  readonly sequence: number;
}

/** Takes it off one's list until somebody writes again; what a former member sees of it, for good. */
export interface Dismiss {
  readonly command: 'dismiss';
  readonly id: CommandId;
  readonly conversation: ConversationId;
}
