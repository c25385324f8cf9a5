import type { GroupSettings } from './group-settings.js';
import type { MessageBody, MessageMarks } from './message.js';
import type {
  CommandId,
  ConversationId,
  ConversationKind,
  Draft,
  LogHead,
  MemberPlace,
  MessageId,
  NotificationRule,
  Role,
  UserId,
} from './model.js';

/** A conversation in one user's list: a complete snapshot with its version (sequence, modification, revision) (CH-11). */
export interface Entry extends LogHead {
  readonly conversation: ConversationId;
  readonly kind: ConversationKind;
  readonly revision: number;
  /** False for a former member's stub: its head is the end of the last period, and it shows nothing sent since. */
  readonly member: boolean;
  readonly ended: 'left' | 'removed' | 'deleted' | null;
  readonly role: Role;
  readonly name: string;
  /** `null` for a former member. */
  readonly picture: string | null;
  /** For a former member, those of a new group. */
  readonly settings: GroupSettings;
  readonly membersAt: number;
  readonly memberCount: number;
  readonly large: boolean;
  readonly activity: number;
  readonly count: number;
  readonly sent: number;
  readonly read: number;
  readonly readOrdinal: number;
  readonly readSent: number;
  /** Counting rows of others above `read` that were hidden or recalled (CH-19). */
  readonly hidden: number;
  /** CH-19, derived from the fields above by `unreadOf`; excludes replies in threads. */
  readonly unread: number;
  /** Messages outside threads above `read` that mention this user; exact up to `mentionsShownMax`, otherwise one more (CH-20). */
  readonly mentions: number;
  /** Sequence of the first of them. */
  readonly mentionAt: number | null;
  /** Unread followed threads (CH-21), the newest roots first; at most `entryThreadsMax`. */
  readonly threads: readonly ThreadEntry[];
  /** Unread replies in all followed threads. */
  readonly threadsUnread: number;
  /** If it rises, the client must fetch the pins again. */
  readonly pinsAt: number;
  /** If it rises, the client must fetch what was hidden. */
  readonly hiddenAt: number;
  /** Messages up to here are not shown. */
  readonly cleared: number;
  readonly mark: boolean;
  readonly place: MemberPlace;
  readonly mute: number;
  /** The rule in effect, including the default (CH-41). */
  readonly notify: NotificationRule;
  /** Whether this user blocks the peer of a direct conversation. */
  readonly blocked: boolean;
  /** Whether it is off the list until the next counting message. */
  readonly dismissed: boolean;
  readonly draft: Draft;
  /** The last visible message outside threads that was not hidden (CH-24). */
  readonly preview: MessageRow | null;
  /** The other member of a direct conversation, with receipts (CH-23). */
  readonly peer: Peer | null;
}

/** The other member of a direct conversation, with receipts. */
export interface Peer {
  readonly user: UserId;
  readonly shown: number;
  readonly shownAt: number;
  readonly delivered: number;
  readonly deliveredAt: number;
}

/** A followed thread in the entry of its follower. */
export interface ThreadEntry {
  /** Sequence of the root. */
  readonly root: number;
  readonly unread: number;
  /** Like `Entry.mentions`, for this thread. */
  readonly mentions: number;
}

/** A message in wire form. In an event it does not depend on the viewer, so that it is encoded once (CH-7). */
export interface MessageRow extends MessageMarks {
  readonly sequence: number;
  readonly id: MessageId;
  readonly sender: UserId;
  readonly commandId: CommandId;
  readonly body: MessageBody;
  readonly sentAt: number;
  readonly modification: number;
  readonly ordinal: number;
  /**
   * For a root: its replies within the viewer's periods; absent if there are none. Events omit it: the client then keeps its
   * value.
   */
  readonly replies?: number;
}

/**
 * The receipts of one open member of a small conversation, with times in milliseconds since the epoch. The member has read
 * `sequence` if `from <= sequence <= shown`, at `shownAt` or before.
 */
export interface Receipt {
  readonly user: UserId;
  readonly shown: number;
  readonly shownAt: number;
  readonly delivered: number;
  readonly deliveredAt: number;
  /** Start of the open period. Joining sets the cursors just below it, so earlier messages do not count as read by this stay. */
  readonly from: number;
}
