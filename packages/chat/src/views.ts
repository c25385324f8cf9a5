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

/**
 * A conversation as it appears in one user's list: a complete snapshot with the version (sequence, modification,
 * revision) (CH-11). Fields without a comment are those of `Conversation` or `Member`.
 */
export interface Entry extends LogHead {
  readonly conversation: ConversationId;
  readonly kind: ConversationKind;
  readonly revision: number;
  /**
   * False for a former member. The entry is then a stub, whose head is the end of the last stay and which shows nothing
   * sent since.
   */
  readonly member: boolean;
  readonly ended: 'left' | 'removed' | 'deleted' | null;
  readonly role: Role;
  readonly name: string;
  /** `null` for a former member. */
  readonly picture: string | null;
  /** The settings of the group or channel; for a former member, the default ones. */
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
  /** Number of messages of others above `read` that count as unread but were hidden or recalled (CH-19). */
  readonly hidden: number;
  /** Number of unread messages, excluding replies in threads (CH-19). Computed from the fields above by `unreadOf`. */
  readonly unread: number;
  /**
   * Number of messages outside threads and above `read` that mention this user. Exact up to `mentionsShownMax`; that
   * number plus one means more (CH-20).
   */
  readonly mentions: number;
  /** Sequence of the first of these messages; `null` if there are none. */
  readonly mentionAt: number | null;
  /** Unread followed threads (CH-21), the newest roots first; at most `entryThreadsMax`. */
  readonly threads: readonly ThreadEntry[];
  /** Unread replies in all followed threads. */
  readonly threadsUnread: number;
  /** A counter. When it rises, the client must request the pinned messages again. */
  readonly pinsAt: number;
  /** A counter. When it rises, the client must request the messages that were hidden since. */
  readonly hiddenAt: number;
  /** Messages up to this sequence are not shown. */
  readonly cleared: number;
  readonly mark: boolean;
  readonly place: MemberPlace;
  readonly mute: number;
  /** The notification rule in effect: the member's choice or the default (CH-41). */
  readonly notify: NotificationRule;
  /** Whether this user blocks the peer of a direct conversation. */
  readonly blocked: boolean;
  /** Whether the user has removed the conversation from the list until the next message that counts as unread. */
  readonly dismissed: boolean;
  readonly draft: Draft;
  /** The last message outside threads that the user can see and has not hidden (CH-24); `null` if there is none. */
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

/**
 * A message as sent to clients. In an event it does not depend on the viewer, so that the server encodes it once for
 * all receivers (CH-7).
 */
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
   * For the root of a thread: the number of replies that the viewer may see; absent if there are none. Events omit it,
   * and the client then keeps the number that it knows.
   */
  readonly replies?: number;
}

/**
 * The receipts of one member of a small conversation. Times are milliseconds since the epoch. The member has read
 * message `sequence` if `from <= sequence <= shown`, at `shownAt` or before.
 */
export interface Receipt {
  readonly user: UserId;
  readonly shown: number;
  readonly shownAt: number;
  readonly delivered: number;
  readonly deliveredAt: number;
  /**
   * Start of the member's current stay. Joining sets `shown` and `delivered` just below it, so earlier messages do not
   * count as read in this stay.
   */
  readonly from: number;
}
