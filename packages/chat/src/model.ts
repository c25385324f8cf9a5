import type { GroupSettings } from './group-settings.js';

/** A registered user: a positive integer assigned by `Accounts`. */
export type UserId = number;

/** A conversation: a positive integer assigned by the `Store` when it is created. */
export type ConversationId = number;

/**
 * The id of a message, assigned by the server: 16 lower-case hex digits of 64 random bits. It is unique together with
 * (conversation, sequence), which always accompany it, so that it needs no index. It distinguishes two histories with equal
 * sequences (CH-26).
 */
export type MessageId = string;

/**
 * Assigned by the client when the user starts to write: 32 lower-case hex digits, in our clients the time and 80 random bits. Its
 * scope is the user (CH-18).
 */
export type CommandId = string;

/** Distinguishes two histories of one store: random, new at creation and at every restore (CH-26). 16 lower-case hex digits. */
export type Epoch = string;

/** The version of a conversation: (sequence, modification) rises in commit order, so any two can be compared (CH-5). */
export interface LogHead {
  readonly sequence: number;
  readonly modification: number;
}

/** Identifies a message within its conversation. */
export interface MessageName {
  readonly sequence: number;
  readonly id: MessageId;
}

/** `notes`: private to one user. `channel`: a group that is large from the start and in which new members are readers. */
export type ConversationKind = 'direct' | 'group' | 'channel' | 'notes';

/** A stored conversation. */
export interface Conversation extends LogHead {
  readonly id: ConversationId;
  readonly kind: ConversationKind;
  /** Number of messages that count as unread for others: texts outside threads, no service messages (CH-19). */
  readonly count: number;
  /** Sequence of the last change of members or their roles; the version of every view of the members (CH-17). */
  readonly membersAt: number;
  /** Number of open periods. */
  readonly memberCount: number;
  /** A group's or channel's name; empty for the other kinds. */
  readonly name: string;
  readonly settings: GroupSettings;
  /** Milliseconds since the epoch of the last message; only rises. Orders the list. */
  readonly activity: number;
  /** Whether it ever had more than `smallMembersMax` open members; never becomes false again (CH-13). */
  readonly large: boolean;
  /**
   * (smaller, larger) user id of a direct conversation; the same id twice for notes. Unique in the store; `null` for other kinds.
   */
  readonly directKey: DirectKey | null;
  /** Number of pinned messages. */
  readonly pins: number;
  /** The modification of the last commit that changed the content of the pins; 0 if never. */
  readonly pinsAt: number;
  /** Id of the picture file of a group or channel; `null` for the generated picture. Members may read the file. */
  readonly picture: string | null;
  /**
   * Deleted by its owner or an administrator for everyone: no message follows the one that says so, and no one can read it
   * (CH-36).
   */
  readonly deleted: boolean;
}

/** The key of a direct conversation, or of notes. */
export type DirectKey = readonly [smaller: UserId, larger: UserId];

/** A message that one member hid from their own view. */
export interface Hidden {
  readonly conversation: ConversationId;
  readonly user: UserId;
  readonly sequence: number;
  /** The member's `hiddenAt` after it: devices request what was hidden since. */
  readonly at: number;
  /** The root of a reply, 0 outside threads. */
  readonly root: number;
  /** Whether it is another user's text, which counts as unread while above `read` (CH-19). */
  readonly counts: boolean;
}

/**
 * A member's cursor in one thread (CH-21). Created by a reply, by being mentioned in one, or by being the root's author; removed
 * when the period ends.
 */
export interface Follow {
  readonly conversation: ConversationId;
  readonly user: UserId;
  /** Sequence of the root. */
  readonly root: number;
  /** Number of own replies. */
  readonly sent: number;
  /** A sequence; only rises. */
  readonly read: number;
  /** The thread's ordinal of the last reply at or below `read`. */
  readonly readOrdinal: number;
  /** `threadSent` of the last own reply at or below `read`. */
  readonly readSent: number;
}

/**
 * One stay of a member. `from` is the sequence of the message that added the member, `to` of the one that ended the stay; the
 * member sees both. `toModification` is the conversation's modification at the end. Open while both are `null`.
 */
export interface Period {
  readonly from: number;
  readonly to: number | null;
  readonly toModification: number | null;
}

/** Role in a group or channel, which has exactly one owner unless all members left. In other kinds, everyone is a `member`. */
export type Role = 'owner' | 'admin' | 'member' | 'reader';

/** Which messages notify a member: all, those that mention the member or everyone, or none. */
export type NotificationRule = 'all' | 'mentions' | 'none';

/** A member's place for a conversation: at the top of the list, in normal order, or in the archive, whatever arrives. */
export type MemberPlace = 'pinned' | 'normal' | 'archived';

/** How the last period ended, and the name that the stub in the list keeps (CH-3). */
export interface Ended {
  readonly how: 'left' | 'removed';
  readonly name: string;
}

/** A member's unsent text in a conversation. */
export interface Draft {
  readonly text: string;
  /** Rises with each accepted change; a change names the revision it is based on. */
  readonly revision: number;
}

/**
 * A user's row in a conversation. `read`, `shown`, `delivered` and `cleared` are sequences that only rise and never pass the
 * head. The store adds a list stamp to each row, which no rule reads (CH-12).
 */
export interface Member {
  readonly conversation: ConversationId;
  readonly user: UserId;
  readonly role: Role;
  /** Number of own counting messages (CH-19). */
  readonly sent: number;
  readonly read: number;
  /** When `read` last rose, milliseconds since the epoch. */
  readonly readAt: number;
  /** The ordinal at `read`. */
  readonly readOrdinal: number;
  /** The senderOrdinal of the last own message at or below `read`. */
  readonly readSent: number;
  /** The sequence that others see as read, and when it last rose. */
  readonly shown: number;
  readonly shownAt: number;
  readonly delivered: number;
  /** When `delivered` last rose, milliseconds since the epoch. */
  readonly deliveredAt: number;
  /** Messages at or below it are invisible to this member. */
  readonly cleared: number;
  /** The revision of the last hidden message; 0 if never. */
  readonly hiddenAt: number;
  /** Whether the member marked it as unread; reading clears this. */
  readonly mark: boolean;
  readonly place: MemberPlace;
  /** Muted until then, in milliseconds since the epoch; 0 if not. Evaluated by devices. */
  readonly mute: number;
  /** The notification rule that the member chose; `null` for the default of the conversation's kind (CH-41). */
  readonly notify: NotificationRule | null;
  /**
   * The conversation's `count` when the member dismissed it from the list: dismissed until `count` rises; permanently for a stub.
   * `null` if not.
   */
  readonly dismissed: number | null;
  readonly draft: Draft;
  /** Rises with each change of the member's own data (CH-6), and when the receipts of a direct peer change. */
  readonly revision: number;
  /** The conversation's activity in this row: updated by the store while small and open, fixed when a period ends. */
  readonly activity: number;
  readonly large: boolean;
  readonly ended: Ended | null;
  /** Disjoint, rising; at most one is open, the last. At most `periodsMax`; the oldest are dropped. */
  readonly periods: readonly Period[];
}

/** Lets holders of its secret join a group or channel. Only the hash of the secret is stored. */
export interface Invite {
  readonly conversation: ConversationId;
  /** 16 lower-case hex digits. */
  readonly id: string;
  /** SHA-256 of the secret, 64 lower-case hex digits. */
  readonly hash: string;
  readonly creator: UserId;
  readonly createdAt: number;
  /** `null` if it does not expire. */
  readonly expiresAt: number | null;
  /** `null` if unlimited. */
  readonly usesMax: number | null;
  readonly uses: number;
}

/** Makes a command idempotent (CH-18). */
export interface CommandKey {
  readonly user: UserId;
  readonly id: CommandId;
  /** Hash of the whole command; the same id with another hash is refused with `id_reused`. */
  readonly hash: string;
  /** Milliseconds since the epoch; kept for `commandKeyDays`. */
  readonly at: number;
}
