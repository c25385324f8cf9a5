import type { GroupSettings } from './group-settings.js';

/** A registered person: a positive integer given by `Accounts`. */
export type UserId = number;

/** A conversation: a positive integer given by the `Store` when it is created. */
export type ConversationId = number;

/**
 * A message's own name, given by the server: 16 lower-case hex digits of 64 random bits. It is unique together with
 * (conversation, sequence), which is how messages are always named, so that no index on it is needed; it tells two
 * histories apart where a sequence cannot (CH-26).
 */
export type MessageId = string;

/** Minted by the client when the composer is first filled: 32 lower-case hex digits, in ours the time and 80 random bits. Its scope is the user (CH-18). */
export type CommandId = string;

/** Tells two histories of one store apart: random, new at creation and at every restore (CH-26). 16 lower-case hex digits. */
export type Epoch = string;

/** How far a conversation has come: (sequence, modification) rises in commit order, so any two compare (CH-5). */
export interface Head {
  readonly sequence: number;
  readonly modification: number;
}

export interface MessageName {
  readonly sequence: number;
  readonly id: MessageId;
}

/** `notes`: one person's own, with nobody else in it. `channel`: a group that is large from the start and whose joiners read. */
export type ConversationKind = 'direct' | 'group' | 'channel' | 'notes';

export interface Conversation extends Head {
  readonly id: ConversationId;
  readonly kind: ConversationKind;
  /** Number of messages that count as unread for others: text outside threads, not service (CH-19). */
  readonly count: number;
  /** Sequence of the last change of members or their roles; the version of every view of the members (CH-17). */
  readonly membersAt: number;
  /** Open periods. */
  readonly memberCount: number;
  /** A group's or channel's name; empty for the other kinds. */
  readonly name: string;
  readonly settings: GroupSettings;
  /** Milliseconds since the epoch of the last message; only rises. Orders the list. */
  readonly activity: number;
  /** More than `smallMembersMax` open members were here at once; never falls (CH-13). */
  readonly large: boolean;
  /** (smaller, larger) user id of a direct conversation, twice the same of notes; unique in the store; `null` for the others. */
  readonly directKey: DirectKey | null;
  /** Pinned messages. */
  readonly pins: number;
  /** The modification of the last commit that changed what the pins show; 0 for never. */
  readonly pinsAt: number;
  /** Id of a file, of a group or channel that was given a picture; `null` for the generated one. Whoever is in it may have the file. */
  readonly picture: string | null;
  /** By its owner or by the administrator, for everybody: nothing comes after the message that says so, and nobody reads it any more (CH-36). */
  readonly deleted: boolean;
}

export type DirectKey = readonly [smaller: UserId, larger: UserId];

/** A message that one member took out of their own view (delete for me). */
export interface Hidden {
  readonly conversation: ConversationId;
  readonly user: UserId;
  readonly sequence: number;
  /** The member's `hiddenAt` with it: devices ask for what was hidden since. */
  readonly at: number;
  /** The root of a reply, 0 outside threads. */
  readonly root: number;
  /** A text of somebody else: one less to count as unread while above `read` (CH-19). */
  readonly counts: boolean;
}

/** One member's place in one thread (CH-21). Made by a reply, by being called in one, or by being the root's author; removed when the period ends. */
export interface Follow {
  readonly conversation: ConversationId;
  readonly user: UserId;
  /** Sequence of the root. */
  readonly root: number;
  /** Own replies. */
  readonly sent: number;
  /** A sequence; only rises. */
  readonly read: number;
  /** The thread's ordinal of the last reply at or below `read`. */
  readonly readOrdinal: number;
  /** `threadSent` of the last own reply at or below `read`. */
  readonly readSent: number;
}

/**
 * One stay of a member: `from` is the sequence of the message that added, `to` of the one that ended it; both are
 * visible to the member. `toModification` is the conversation's modification when it ended. Open while both are `null`.
 */
export interface Period {
  readonly from: number;
  readonly to: number | null;
  readonly toModification: number | null;
}

/** Of a group or channel, where each but the former members has exactly one owner. Elsewhere everybody is a `member`. */
export type Role = 'owner' | 'admin' | 'member' | 'reader';

/** Which messages of a conversation notify a member: all, those that call them by name or with everybody, or none. */
export type NotificationRule = 'all' | 'mentions' | 'none';

/** Where a member keeps a conversation: on top of the list, where it comes, or out of the way, whatever arrives. */
export type MemberPlace = 'pinned' | 'normal' | 'archived';

/** How the last period ended, and what the stub in the list goes on showing (CH-3). */
export interface Ended {
  readonly how: 'left' | 'removed';
  readonly name: string;
}

export interface Draft {
  readonly text: string;
  /** Rises with each accepted change; a change names the one it was based on. */
  readonly revision: number;
}

/**
 * A user's row in a conversation. `read`, `shown`, `delivered` and `cleared` are sequences that only rise and never
 * pass the head. The store adds a list stamp of its own to each row, which no rule reads (CH-12).
 */
export interface Member {
  readonly conversation: ConversationId;
  readonly user: UserId;
  readonly role: Role;
  /** Own messages that count (CH-19). */
  readonly sent: number;
  readonly read: number;
  /** When `read` last rose, milliseconds since the epoch. */
  readonly readAt: number;
  /** The ordinal at `read`. */
  readonly readOrdinal: number;
  /** The senderOrdinal of the last own message at or below `read`. */
  readonly readSent: number;
  /** What others are told was read, and when that last rose. */
  readonly shown: number;
  readonly shownAt: number;
  readonly delivered: number;
  /** When `delivered` last rose, milliseconds since the epoch. */
  readonly deliveredAt: number;
  /** Nothing at or below is visible to this member. */
  readonly cleared: number;
  /** The revision with which a message was hidden last; 0 for never. */
  readonly hiddenAt: number;
  /** Marked unread by hand; reading takes it off. */
  readonly mark: boolean;
  readonly place: MemberPlace;
  /** Muted until then, milliseconds since the epoch; 0 for not. For devices to go by. */
  readonly mute: number;
  /** The notification rule that the member chose; `null` for the default of the conversation's kind (CH-41). */
  readonly notify: NotificationRule | null;
  /** The conversation's `count` when it was taken off the list: off it until that rises, as a stub for good. `null` for not. */
  readonly dismissed: number | null;
  readonly draft: Draft;
  /** Rises with each change of the member's own (CH-6), and when a direct peer's receipts change. */
  readonly revision: number;
  /** The conversation's activity as of this row: kept current by the store while small and open, fixed when a period ends. */
  readonly activity: number;
  readonly large: boolean;
  readonly ended: Ended | null;
  /** Disjoint, rising, at most one open, which is the last; at most `periodsMax`, the oldest dropped. */
  readonly periods: readonly Period[];
}

/** A way into a group or channel for whoever holds its secret, of which only the hash is kept. */
export interface Invite {
  readonly conversation: ConversationId;
  /** 16 lower-case hex digits. */
  readonly id: string;
  /** SHA-256 of the secret, 64 lower-case hex digits. */
  readonly hash: string;
  readonly creator: UserId;
  readonly createdAt: number;
  /** `null`: never. */
  readonly expiresAt: number | null;
  /** `null`: any number. */
  readonly usesMax: number | null;
  readonly uses: number;
}

/** What makes a repeated command answer once (CH-18). */
export interface CommandKey {
  readonly user: UserId;
  readonly id: CommandId;
  /** Of the whole command; the same id with another hash is `id_reused`. */
  readonly hash: string;
  /** Milliseconds since the epoch; kept `commandKeyDays`. */
  readonly at: number;
}
