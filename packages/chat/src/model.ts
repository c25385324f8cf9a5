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

/** Minted by the client when the composer is first filled: 32 lower-case hex digits of 128 random bits. Its scope is the user (CH-18). */
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

export type ConversationKind = 'direct' | 'group';

export interface Conversation extends Head {
  readonly id: ConversationId;
  readonly kind: ConversationKind;
  /** Number of messages that count as unread for others: text, not service (CH-19). */
  readonly count: number;
  /** Sequence of the last membership change; the version of every view of the members (CH-17). */
  readonly membersAt: number;
  /** Open periods. */
  readonly memberCount: number;
  /** A group's name; empty for a direct conversation. */
  readonly name: string;
  /** Milliseconds since the epoch of the last message; only rises. Orders the list. */
  readonly activity: number;
  /** More than `smallMembersMax` open members were here at once; never falls (CH-13). */
  readonly large: boolean;
  /** (smaller, larger) user id of a direct conversation, unique in the store; `null` for a group. */
  readonly directKey: DirectKey | null;
}

export type DirectKey = readonly [smaller: UserId, larger: UserId];

/** What a service message says. Each is a message of its own, so membership and names are ordered by the sequence (CH-6). */
export type ServiceChange =
  | { readonly change: 'created' }
  | { readonly change: 'added'; readonly users: readonly UserId[] }
  | { readonly change: 'removed'; readonly users: readonly UserId[] }
  | { readonly change: 'left' }
  | { readonly change: 'renamed'; readonly name: string };

export type MessageBody =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'service'; readonly service: ServiceChange };

/** One row of a conversation's log. Never deleted. */
export interface Message {
  readonly conversation: ConversationId;
  readonly sequence: number;
  readonly id: MessageId;
  readonly sender: UserId;
  /** The command that made it: lets the sender's device replace its pending echo in place. */
  readonly commandId: CommandId;
  readonly body: MessageBody;
  /** Milliseconds since the epoch, the server's clock. */
  readonly sentAt: number;
  /** 0 until touched; then the conversation's modification at the last touch (CH-6). */
  readonly modification: number;
  /** The conversation's `count` after this message. */
  readonly ordinal: number;
  /** The sender's `sent` after this message. */
  readonly senderOrdinal: number;
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

export type Role = 'owner' | 'member';

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
  /** What others are told was read. */
  readonly shown: number;
  readonly delivered: number;
  /** Nothing at or below is visible to this member. */
  readonly cleared: number;
  /** Marked unread by hand; reading takes it off. */
  readonly mark: boolean;
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

/** What makes a repeated command answer once (CH-18). */
export interface CommandKey {
  readonly user: UserId;
  readonly id: CommandId;
  /** Of the whole command; the same id with another hash is `id_reused`. */
  readonly hash: string;
  /** Milliseconds since the epoch; kept `commandKeyDays`. */
  readonly at: number;
}

/** A conversation as one user's list shows it: a whole snapshot with its version (sequence, modification, revision) (CH-11). */
export interface Entry extends Head {
  readonly conversation: ConversationId;
  readonly kind: ConversationKind;
  readonly revision: number;
  /** False for a former member's stub: its head is where the last period ended and it shows nothing said since. */
  readonly member: boolean;
  readonly ended: 'left' | 'removed' | null;
  readonly role: Role;
  readonly name: string;
  readonly membersAt: number;
  readonly memberCount: number;
  readonly large: boolean;
  readonly activity: number;
  readonly count: number;
  readonly sent: number;
  readonly read: number;
  readonly readOrdinal: number;
  readonly readSent: number;
  /** CH-19, derived from the fields above by `unreadOf`. */
  readonly unread: number;
  readonly mark: boolean;
  readonly draft: Draft;
  /** The last visible message (CH-24). */
  readonly preview: MessageRow | null;
  /** Of a direct conversation: the other person and how far they got (CH-23). */
  readonly peer: Peer | null;
}

export interface Peer {
  readonly user: UserId;
  readonly shown: number;
  readonly delivered: number;
}

/** A message as it goes over the wire: nothing in it depends on the viewer, so it is encoded once (CH-7). */
export interface MessageRow {
  readonly sequence: number;
  readonly id: MessageId;
  readonly sender: UserId;
  readonly commandId: CommandId;
  readonly body: MessageBody;
  readonly sentAt: number;
  readonly modification: number;
  readonly ordinal: number;
}

/** How far one open member of a small conversation got. Counts as a reader of `sequence` when `from <= sequence <= shown`. */
export interface Receipt {
  readonly user: UserId;
  readonly shown: number;
  readonly delivered: number;
  /** Start of the open period: cursors are set to just below it on joining, so what came before was not read by this stay. */
  readonly from: number;
}
