import type { GroupSettings } from './group-settings.js';
import type { MessageBody, MessageMarks } from './message.js';
import type {
  CommandId,
  ConversationId,
  ConversationKind,
  Draft,
  Head,
  MemberPlace,
  MessageId,
  NotificationRule,
  Role,
  UserId,
} from './model.js';

/** A conversation as one user's list shows it: a whole snapshot with its version (sequence, modification, revision) (CH-11). */
export interface Entry extends Head {
  readonly conversation: ConversationId;
  readonly kind: ConversationKind;
  readonly revision: number;
  /** False for a former member's stub: its head is where the last period ended and it shows nothing said since. */
  readonly member: boolean;
  readonly ended: 'left' | 'removed' | 'deleted' | null;
  readonly role: Role;
  readonly name: string;
  /** A former member's has none. */
  readonly picture: string | null;
  /** A former member's are those of a new group. */
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
  /** CH-19, derived from the fields above by `unreadOf`; replies in threads are not in it. */
  readonly unread: number;
  /** Messages outside threads above `read` that call this user, exact up to `mentionsShownMax`, one more above (CH-20). */
  readonly mentions: number;
  /** Sequence of the first of them. */
  readonly mentionAt: number | null;
  /** Followed threads with something unread (CH-21), the newest roots first; at most `entryThreadsMax`. */
  readonly threads: readonly ThreadEntry[];
  /** Unread replies in all followed threads. */
  readonly threadsUnread: number;
  /** A higher one than known: ask for the pins. */
  readonly pinsAt: number;
  /** A higher one than known: ask what was hidden. */
  readonly hiddenAt: number;
  /** Nothing up to here is shown. */
  readonly cleared: number;
  readonly mark: boolean;
  readonly place: MemberPlace;
  readonly mute: number;
  /** The rule that holds, the default included (CH-41). */
  readonly notify: NotificationRule;
  /** Of a direct conversation: this user blocks the other. */
  readonly blocked: boolean;
  /** Off the list until somebody writes. */
  readonly dismissed: boolean;
  readonly draft: Draft;
  /** The last visible message outside threads that was not hidden (CH-24). */
  readonly preview: MessageRow | null;
  /** Of a direct conversation: the other person and how far they got (CH-23). */
  readonly peer: Peer | null;
}

export interface Peer {
  readonly user: UserId;
  readonly shown: number;
  readonly shownAt: number;
  readonly delivered: number;
  readonly deliveredAt: number;
}

/** A followed thread as its follower's entry shows it. */
export interface ThreadEntry {
  /** Sequence of the root. */
  readonly root: number;
  readonly unread: number;
  /** As `Entry.mentions`, of this thread. */
  readonly mentions: number;
}

/** A message as it goes over the wire. What an event carries does not depend on the viewer, so it is encoded once (CH-7). */
export interface MessageRow extends MessageMarks {
  readonly sequence: number;
  readonly id: MessageId;
  readonly sender: UserId;
  readonly commandId: CommandId;
  readonly body: MessageBody;
  readonly sentAt: number;
  readonly modification: number;
  readonly ordinal: number;
  /** Of a root: its replies within the viewer's periods. An event does not say it: what is held stays. Absent for none. */
  readonly replies?: number;
}

/**
 * How far one open member of a small conversation got, and when (milliseconds since the epoch). Counts as a reader of `sequence`
 * when `from <= sequence <= shown`, and then read it at `shownAt` or before.
 */
export interface Receipt {
  readonly user: UserId;
  readonly shown: number;
  readonly shownAt: number;
  readonly delivered: number;
  readonly deliveredAt: number;
  /** Start of the open period: cursors are set to just below it on joining, so what came before was not read by this stay. */
  readonly from: number;
}
