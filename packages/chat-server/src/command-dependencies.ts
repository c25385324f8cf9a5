import type { Accounts, ChatLimits, FileRecords, KeyedCommand, MessageId, Store, UserId } from '@everywire/chat';
import type { Hints } from './hints.js';
import type { LiveSessions } from './live-sessions.js';
import type { MemberViews } from './member-views.js';
import type { PresenceTracker } from './presence-tracker.js';
import type { TokenBuckets } from './token-buckets.js';

/** Dependencies of running a command. One instance for the whole node. */
export interface CommandDependencies {
  readonly store: Store;
  readonly accounts: Accounts;
  /** `null` if files are disabled. */
  readonly files: FileRecords | null;
  readonly limits: ChatLimits;
  readonly answerBytesMax: number;
  readonly profilesSeenMax: number;
  readonly sessions: LiveSessions;
  readonly hints: Hints;
  readonly views: MemberViews;
  readonly presence: PresenceTracker;
  /** Called after a command is committed. See `Visibility`. */
  readonly visibility: { narrow(actor: UserId, command: KeyedCommand): Promise<void> };
  /** Rate limit of cursor moves, for each session and conversation. */
  readonly receipts: TokenBuckets;
  /** Rate limit of searches, for each user. */
  readonly searches: TokenBuckets;
  /** Rate limit of typing events, for each session. */
  readonly typing: TokenBuckets;
  /**
   * The store's epoch (the id of one history of the store) when this node started. A database server that takes over
   * has another epoch (CH-26).
   */
  readonly epoch: string;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
  readonly newMessageId: () => MessageId;
}
