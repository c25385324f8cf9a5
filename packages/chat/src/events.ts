import type { ConversationId, Epoch, LogHead, UserId } from './model.js';
import type { Profile } from './user.js';
import type { MessageRow, Receipt } from './views.js';

/** Hints from the server: each may be lost, repeated or late, and clients stay correct without them (CH-2). */
export type ServerEvent =
  | CommitEvent
  | OwnEvent
  | ReceiptEvent
  | TypingEvent
  | PresenceEvent
  | ProfileEvent
  | ResyncEvent;

/** CH-7. The log moved from `before` to `after`. `row` is `null` if the receiver may not see it. */
export interface CommitEvent {
  readonly event: 'commit';
  readonly epoch: Epoch;
  readonly conversation: ConversationId;
  readonly before: LogHead;
  readonly after: LogHead;
  readonly membersAt: number;
  /**
   * Whether later events are published by conversation and not by user (CH-17): a node that delivers this must join its topic.
   */
  readonly large: boolean;
  /** A new message if `after.sequence` rose; otherwise the whole changed message. */
  readonly row: MessageRow | null;
  /** For a reply: the sequence of its root, whose row changed with `after.modification` and has one more reply (CH-8, CH-21). */
  readonly root?: number;
  readonly count: number;
  readonly memberCount: number;
  readonly activity: number;
}

/** The receiver's own entry changed apart from the log. The client should fetch it if it holds a lower revision. */
export interface OwnEvent {
  readonly event: 'own';
  readonly epoch: Epoch;
  readonly conversation: ConversationId;
  readonly revision: number;
}

/** A member's cursors moved; sent to watchers of a small group. */
export interface ReceiptEvent {
  readonly event: 'receipt';
  readonly epoch: Epoch;
  readonly conversation: ConversationId;
  readonly membersAt: number;
  readonly receipt: Receipt;
}

/** A member started or stopped typing. */
export interface TypingEvent {
  readonly event: 'typing';
  readonly conversation: ConversationId;
  readonly user: UserId;
  /** Expires after `typingExpiryMs`. */
  readonly typing: boolean;
}

/** A watched user's presence changed. */
export interface PresenceEvent {
  readonly event: 'presence';
  readonly presence: PresenceState;
}

/** A user's public profile changed; sent to the sessions that requested it. */
export interface ProfileEvent {
  readonly event: 'profile';
  readonly profile: Profile;
}

/** CH-16: hints may have been lost; run `list` at a random moment within `withinMs` milliseconds. */
export interface ResyncEvent {
  readonly event: 'resync';
  readonly withinMs: number;
}

/** The presence of a user. */
export interface PresenceState {
  readonly user: UserId;
  readonly state: 'online' | 'away';
  /** Milliseconds since the epoch, if the node knows; only for users who are away. */
  readonly lastSeenAt: number | null;
}
