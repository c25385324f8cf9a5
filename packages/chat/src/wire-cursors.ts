import type { ConversationId, UserId } from './model.js';

/**
 * Commands that move a position (read, delivered) or store a draft. They have no command id, because repeating them is
 * harmless.
 */
export type CursorCommand = Read | Delivered | SetDraft;

/** Marks all messages up to `sequence` as read. The position is limited to the head and never moves back. */
export interface Read {
  readonly command: 'read';
  readonly conversation: ConversationId;
  readonly sequence: number;
  /**
   * Sequence of the root of a thread: marks this thread as read instead of the conversation. No effect if the user does
   * not follow it.
   */
  readonly thread?: number;
}

/** Marks everything up to `sequence` as received by this device. In large conversations it succeeds without effect. */
export interface Delivered {
  readonly command: 'delivered';
  readonly conversation: ConversationId;
  readonly sequence: number;
}

/**
 * Stores a draft. `base`: the revision of the draft on which the text is based. If it is stale, nothing is overwritten.
 */
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
 * Replaces the set of conversations that are open in this session. The session receives receipts and typing of these.
 * At most `watchedConversationsMax`.
 */
export interface Watch {
  readonly command: 'watch';
  readonly conversations: readonly ConversationId[];
}

/** Replaces the set of users whose presence this session receives. At most `watchedUsersMax`. */
export interface WatchPresence {
  readonly command: 'watchPresence';
  readonly users: readonly UserId[];
}

/**
 * Reports whether the user is present at this device. While that is so, the client must repeat the report at least
 * every third of `presenceLeaseMs` milliseconds, because the report expires.
 */
export interface Present {
  readonly command: 'present';
  readonly active: boolean;
}
