import type { Accounts, ChatLimits, FileRecords, KeyedCommand, MessageId, Store, UserId } from '@everywire/chat';
import type { Hints } from './hints.js';
import type { LiveSessions } from './live-sessions.js';
import type { MemberViews } from './member-views.js';
import type { Presence } from './presence.js';
import type { TokenBuckets } from './token-buckets.js';

/** What running a command needs. One for the whole node. */
export interface CommandDependencies {
  readonly store: Store;
  readonly accounts: Accounts;
  /** `null` where nothing can be attached here. */
  readonly files: FileRecords | null;
  readonly limits: ChatLimits;
  readonly answerBytesMax: number;
  readonly profilesSeenMax: number;
  readonly sessions: LiveSessions;
  readonly hints: Hints;
  readonly views: MemberViews;
  readonly presence: Presence;
  /** `Sight`: called when a command is committed. */
  readonly sight: { narrow(actor: UserId, command: KeyedCommand): Promise<void> };
  /** How often one session may move its cursors in one conversation. */
  readonly receipts: TokenBuckets;
  /** How often one person may search. */
  readonly searches: TokenBuckets;
  /** How often one session's typing is passed on. */
  readonly typing: TokenBuckets;
  /** The store's at the start of this node. Another database server that takes over has another one (CH-26). */
  readonly epoch: string;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
  readonly newMessageId: () => MessageId;
}
