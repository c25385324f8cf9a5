import type { ConversationId, UserId } from './model.js';

/** Commands that move a cursor or store a draft. They have no command id. */
export type CursorCommand = Read | Delivered | SetDraft;

/** Marks everything up to `sequence` as seen; clamped to the head, never back. */
export interface Read {
  readonly command: 'read';
  readonly conversation: ConversationId;
  readonly sequence: number;
  /** Sequence of a root: marks this thread as read, not the conversation. No effect if it is not followed. */
  readonly thread?: number;
}

/** Marks everything up to `sequence` as received by this device. In large conversations it succeeds without effect. */
export interface Delivered {
  readonly command: 'delivered';
  readonly conversation: ConversationId;
  readonly sequence: number;
}

/** Stores a draft. `base` is the draft revision that the text is based on; a stale one overwrites nothing. */
export interface SetDraft {
  readonly command: 'draft';
  readonly conversation: ConversationId;
  readonly text: string;
  readonly base: number;
}

/** Commands that affect only the session that sends them; never stored. */
export type SessionCommand = Typing | Watch | WatchPresence | Present;

/** Shows or hides that the user is typing. */
export interface Typing {
  readonly command: 'typing';
  readonly conversation: ConversationId;
  readonly typing: boolean;
}

/**
 * Replaces the conversations that are open in this session, which receives their receipts and typing. At most
 * `watchedConversationsMax`.
 */
export interface Watch {
  readonly command: 'watch';
  readonly conversations: readonly ConversationId[];
}

/** Replaces the users whose presence this session receives. At most `watchedUsersMax`. */
export interface WatchPresence {
  readonly command: 'watchPresence';
  readonly users: readonly UserId[];
}

/** Reports whether the user is at this device. Renewed at least every `presenceLeaseMs` / 3 while true. */
export interface Present {
  readonly command: 'present';
  readonly active: boolean;
}
