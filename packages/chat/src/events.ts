import type { ConversationId, Epoch, LogHead, UserId } from './model.js';
import type { Profile } from './user.js';
import type { MessageRow, Receipt } from './views.js';

/**
 * Events that the server sends on its own. They are hints: each may be lost, repeated or late, and clients stay correct
 * without them (CH-2).
 */
export type ServerEvent =
  | CommitEvent
  | OwnEvent
  | ReceiptEvent
  | TypingEvent
  | PresenceEvent
  | ProfileEvent
  | ResyncEvent;

/**
 * The log of a conversation has changed (CH-7). `before` and `after`: its head (last sequence and modification) before
 * and after the change. `row` is `null` if the receiver may not see the message.
 */
export interface CommitEvent {
  readonly event: 'commit';
  readonly epoch: Epoch;
  readonly conversation: ConversationId;
  readonly before: LogHead;
  readonly after: LogHead;
  readonly membersAt: number;
  /**
   * Whether later events of this conversation are published once for the conversation instead of to each user (CH-17).
   * A server node that delivers an event with true must join the topic of the conversation.
   */
  readonly large: boolean;
  /** A new message if `after.sequence` rose; otherwise the whole changed message. */
  readonly row: MessageRow | null;
  /**
   * For a reply: the sequence of its root. The root has one more reply, and its modification is `after.modification`
   * (CH-8, CH-21).
   */
  readonly root?: number;
  readonly count: number;
  readonly memberCount: number;
  readonly activity: number;
}

/**
 * The receiver's own data of a conversation changed, such as its read position or settings. The client should request
 * the entry if it holds a lower revision.
 */
export interface OwnEvent {
  readonly event: 'own';
  readonly epoch: Epoch;
  readonly conversation: ConversationId;
  readonly revision: number;
}

/** A member has received or read messages. Sent to those who watch a small group. */
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
  /** Whether the user is typing. True expires after `typingExpiryMs`. */
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

/**
 * Hints may have been lost. The client must run `list` at a random moment within `withinMs` milliseconds, so that not
 * all clients do so at the same time (CH-16).
 */
export interface ResyncEvent {
  readonly event: 'resync';
  readonly withinMs: number;
}

/** The presence of a user. */
export interface PresenceState {
  readonly user: UserId;
  readonly state: 'online' | 'away';
  /**
   * When the user was last online, in milliseconds since the epoch. `null` if the node does not know, or if the user is
   * online.
   */
  readonly lastSeenAt: number | null;
}
