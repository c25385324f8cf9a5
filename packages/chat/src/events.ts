import type { ConversationId, Epoch, Head, UserId } from './model.js';
import type { Profile } from './user.js';
import type { MessageRow, Receipt } from './views.js';

/** Hints: each may be lost, repeated or late, and none is needed for the truth (CH-2). */
export type ServerEvent =
  | CommitEvent
  | OwnEvent
  | ReceiptEvent
  | TypingEvent
  | PresenceEvent
  | ProfileEvent
  | ResyncEvent;

/** CH-7. The log moved from `before` to `after`. `row` is `null` where it is not the receiver's to see. */
export interface CommitEvent {
  readonly event: 'commit';
  readonly epoch: Epoch;
  readonly conversation: ConversationId;
  readonly before: Head;
  readonly after: Head;
  readonly membersAt: number;
  /** Later events come by the conversation's topic, no longer by user (CH-17): a node that delivers this joins it. */
  readonly large: boolean;
  /** A new message when `after.sequence` rose; otherwise the touched one, whole. */
  readonly row: MessageRow | null;
  /** A reply: the sequence of its root, whose row was touched with `after.modification` and has one more reply than before (CH-8, CH-21). */
  readonly root?: number;
  readonly count: number;
  readonly memberCount: number;
  readonly activity: number;
}

/** The receiver's own entry changed apart from the log; worth asking for when the revision held is lower. */
export interface OwnEvent {
  readonly event: 'own';
  readonly epoch: Epoch;
  readonly conversation: ConversationId;
  readonly revision: number;
}

/** To those who watch a small group: a member got further. */
export interface ReceiptEvent {
  readonly event: 'receipt';
  readonly epoch: Epoch;
  readonly conversation: ConversationId;
  readonly membersAt: number;
  readonly receipt: Receipt;
}

export interface TypingEvent {
  readonly event: 'typing';
  readonly conversation: ConversationId;
  readonly user: UserId;
  /** Expires by itself after `typingExpiryMs`. */
  readonly typing: boolean;
}

export interface PresenceEvent {
  readonly event: 'presence';
  readonly presence: PresenceState;
}

/** Others see another name, picture or status of this person: to the sessions that asked who it is. */
export interface ProfileEvent {
  readonly event: 'profile';
  readonly profile: Profile;
}

/** CH-16: hints may have been lost here; run `list` at a random instant within `withinMs`. */
export interface ResyncEvent {
  readonly event: 'resync';
  readonly withinMs: number;
}

export interface PresenceState {
  readonly user: UserId;
  readonly state: 'online' | 'away';
  /** Milliseconds since the epoch, if the node knows; only of those away. */
  readonly lastSeenAt: number | null;
}
