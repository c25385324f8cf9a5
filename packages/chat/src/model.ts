import type { GroupSettings } from './group-settings.js';

/** A registered user: a positive integer assigned by `Accounts`. */
export type UserId = number;

/** A conversation: a positive integer assigned by the `Store` when it is created. */
export type ConversationId = number;

/**
 * The id of a message, assigned by the server: 16 lower-case hex digits of 64 random bits. It always appears together with (conversation,
 * sequence), which identify the message, so it needs no index. Its purpose is to distinguish two histories with equal sequences (CH-26).
 */
export type MessageId = string;

/**
 * The id of a command, assigned by the client when the user starts to write: 32 lower-case hex digits; in our clients, the time and 80
 * random bits. It must be unique among the ids of one user (CH-18).
 */
export type CommandId = string;

/**
 * Identifies one history of a store: 16 lower-case hex digits, random. It changes when the store is created or restored from a backup
 * (CH-26).
 */
export type Epoch = string;

/**
 * The version of a conversation. `sequence`: number of the last message. `modification`: number of changes to existing messages. The pair
 * rises in commit order, so any two can be compared (CH-5).
 */
export interface LogHead {
  readonly sequence: number;
  readonly modification: number;
}

/** Identifies a message within its conversation. */
export interface MessageName {
  readonly sequence: number;
  readonly id: MessageId;
}

/** `notes`: private to one user. `channel`: a group that counts as large from the start, and in which new members are readers. */
export type ConversationKind = 'direct' | 'group' | 'channel' | 'notes';

/** A stored conversation. */
export interface Conversation extends LogHead {
  readonly id: ConversationId;
  readonly kind: ConversationKind;
  /** Number of messages that count as unread for others: texts outside threads, but no service messages such as "joined" (CH-19). */
  readonly count: number;
  /**
   * Sequence of the message that last changed the members or their roles. It serves as the version of every view of the members (CH-17).
   */
  readonly membersAt: number;
  /** Number of open periods (stays that have not ended), and so of members. */
  readonly memberCount: number;
  /** A group's or channel's name; empty for the other kinds. */
  readonly name: string;
  readonly settings: GroupSettings;
  /** When the last message was sent, in milliseconds since the epoch; never falls. Orders the list. */
  readonly activity: number;
  /** Whether the conversation ever had more than `smallMembersMax` open members. Never becomes false again (CH-13). */
  readonly large: boolean;
  /**
   * (smaller, larger) user id of a direct conversation; the same id twice for notes. Unique in the store; `null` for other kinds.
   */
  readonly directKey: DirectKey | null;
  /** Number of pinned messages. */
  readonly pins: number;
  /** The modification of the last commit that changed the pinned messages or their content; 0 if there was none. */
  readonly pinsAt: number;
  /** Id of the picture file of a group or channel; `null` for the generated picture. Members may read the file. */
  readonly picture: string | null;
  /**
   * Whether the owner or an administrator has deleted the conversation for everyone. Its last message says so, and no one can read it
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
  /** The member's `hiddenAt` after the message was hidden. Devices request what was hidden after the `hiddenAt` that they know. */
  readonly at: number;
  /** The root of a reply, 0 outside threads. */
  readonly root: number;
  /** Whether it is a text of another user, which counts as unread while its sequence is above `read` (CH-19). */
  readonly counts: boolean;
}

/**
 * A member's read position in one followed thread (CH-21). Created when the member replies, is mentioned in a reply, or is the author of
 * the root when a reply arrives. Removed when the member's period ends.
 */
export interface Follow {
  readonly conversation: ConversationId;
  readonly user: UserId;
  /** Sequence of the root. */
  readonly root: number;
  /** Number of own replies. */
  readonly sent: number;
  /** The read position: a sequence that never falls. */
  readonly read: number;
  /** The number, in the thread, of the last reply at or below `read`. */
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

/** The place that a member chose for a conversation: at the top of the list, in normal order, or in the archive even if messages arrive. */
export type MemberPlace = 'pinned' | 'normal' | 'archived';

/** How the last period ended, and the name of the conversation then. The stub (the former member's entry) keeps that name (CH-3). */
export interface Ended {
  readonly how: 'left' | 'removed';
  readonly name: string;
}

/** A member's unsent text in a conversation. */
export interface Draft {
  readonly text: string;
  /** Rises with each accepted change. A change names the revision on which it is based. */
  readonly revision: number;
}

/**
 * A user's row in a conversation. `read`, `shown`, `delivered` and `cleared` are sequences that never fall and never exceed the head. The
 * store adds a stamp (the number of the change) to each row for `list`; no rule reads it (CH-12).
 */
export interface Member {
  readonly conversation: ConversationId;
  readonly user: UserId;
  readonly role: Role;
  /** Number of own messages that count as unread for others (CH-19). */
  readonly sent: number;
  readonly read: number;
  /** When `read` last rose, in milliseconds since the epoch. */
  readonly readAt: number;
  /** The `ordinal` of the message at `read`, or of the last one below. */
  readonly readOrdinal: number;
  /** The `senderOrdinal` of the last own message at or below `read`. */
  readonly readSent: number;
  /** The sequence that others see as read, and when it last rose. */
  readonly shown: number;
  readonly shownAt: number;
  readonly delivered: number;
  /** When `delivered` last rose, milliseconds since the epoch. */
  readonly deliveredAt: number;
  /** Messages at or below this sequence are invisible to this member. */
  readonly cleared: number;
  /** The revision of the last hidden message; 0 if never. */
  readonly hiddenAt: number;
  /** Whether the member marked the conversation as unread by hand. Reading clears this. */
  readonly mark: boolean;
  readonly place: MemberPlace;
  /** Until when the conversation is muted, in milliseconds since the epoch; 0 if it is not. Evaluated by devices. */
  readonly mute: number;
  /** The notification rule that the member chose; `null` for the default of the conversation's kind (CH-41). */
  readonly notify: NotificationRule | null;
  /**
   * The conversation's `count` when the member dismissed it (removed it from the list). It stays dismissed until `count` rises; the stub of
   * a former member stays dismissed forever. `null` if not dismissed.
   */
  readonly dismissed: number | null;
  readonly draft: Draft;
  /** Rises with each change of the member's own data (CH-6), and when the receipts of a direct peer change. */
  readonly revision: number;
  /** The conversation's activity, copied to this row. The store updates the copy while the conversation is small and the period is open. */
  readonly activity: number;
  readonly large: boolean;
  readonly ended: Ended | null;
  /** Disjoint and rising. At most one is open, and only the last. At most `periodsMax`; the oldest are dropped. */
  readonly periods: readonly Period[];
}

/** An invitation, which lets holders of its secret join a group or channel. Only the hash of the secret is stored. */
export interface Invite {
  readonly conversation: ConversationId;
  /** 16 lower-case hex digits. */
  readonly id: string;
  /** SHA-256 of the secret, 64 lower-case hex digits. */
  readonly hash: string;
  readonly creator: UserId;
  readonly createdAt: number;
  /** When the invitation expires, in milliseconds since the epoch; `null` for never. */
  readonly expiresAt: number | null;
  /** How many users may join by it; `null` if unlimited. */
  readonly usesMax: number | null;
  readonly uses: number;
}

/** The key under which the store keeps the result of a command, so that the command takes effect only once (CH-18). */
export interface CommandKey {
  readonly user: UserId;
  readonly id: CommandId;
  /** Hash of the whole command; the same id with another hash is refused with `id_reused`. */
  readonly hash: string;
  /** When the command arrived, in milliseconds since the epoch. The key is kept for `commandKeyDays`. */
  readonly at: number;
}
