import type { ConversationId, UserId } from './model.js';

export type CursorCommand = Read | Delivered | SetDraft;

/** Everything up to `sequence` was seen; clamped to the head, never back. */
export interface Read {
  readonly command: 'read';
  readonly conversation: ConversationId;
  readonly sequence: number;
  /** Sequence of a root: this thread was read, not the conversation. Without effect where it is not followed. */
  readonly thread?: number;
}

/** Everything up to `sequence` reached this device. Small conversations only; elsewhere success without effect. */
export interface Delivered {
  readonly command: 'delivered';
  readonly conversation: ConversationId;
  readonly sequence: number;
}

/** `base` is the draft's revision that the text grew from; a stale one overwrites nothing. */
export interface SetDraft {
  readonly command: 'draft';
  readonly conversation: ConversationId;
  readonly text: string;
  readonly base: number;
}

/** Touch only the session that sends them; never stored. */
export type SessionCommand = Typing | Watch | WatchPresence | Present;

export interface Typing {
  readonly command: 'typing';
  readonly conversation: ConversationId;
  readonly typing: boolean;
}

/** Replaces the set of conversations this session has open: it is sent their receipts and typing. At most `watchedConversationsMax`. */
export interface Watch {
  readonly command: 'watch';
  readonly conversations: readonly ConversationId[];
}

/** Replaces the set of people whose presence this session is sent. At most `watchedUsersMax`. */
export interface WatchPresence {
  readonly command: 'watchPresence';
  readonly users: readonly UserId[];
}

/** This device is in front of somebody, or not. Renewed at least every `presenceLeaseMs` / 3 while it is. */
export interface Present {
  readonly command: 'present';
  readonly active: boolean;
}
