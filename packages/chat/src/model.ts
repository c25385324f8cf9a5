// Longer than 300 lines: every row of the log is described in one place, and read as one.
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
  /** By its owner or by the administrator, for everybody: nothing comes after the message that says so, and nobody reads it any more (CH-36). */
  readonly deleted: boolean;
}

export type DirectKey = readonly [smaller: UserId, larger: UserId];

/** What a service message says. Each is a message of its own, so membership and names are ordered by the sequence (CH-6). */
export type ServiceChange =
  | { readonly change: 'created' }
  | { readonly change: 'added'; readonly users: readonly UserId[] }
  | { readonly change: 'removed'; readonly users: readonly UserId[] }
  | { readonly change: 'joined' }
  /** `owner`: whose the group is now, because its owner left. */
  | { readonly change: 'left'; readonly owner?: UserId }
  /** `owner` as the role: handed over by the sender, who is an admin now. */
  | { readonly change: 'role'; readonly user: UserId; readonly role: Role }
  | { readonly change: 'settings'; readonly settings: GroupSettings }
  | { readonly change: 'renamed'; readonly name: string }
  /** The last message of all. */
  | { readonly change: 'deleted' };

/**
 * `recalled`: emptied in place for everybody, by its sender or by who keeps order here. What counted as unread still does, until it
 * is read (CH-19).
 */
export type MessageBody = TextBody | ServiceBody | RecalledBody;

export interface TextBody {
  readonly kind: 'text';
  /** May be empty where there are files. */
  readonly text: string;
  /** Absent for none. */
  readonly files?: readonly FileRef[];
}

interface ServiceBody {
  readonly kind: 'service';
  readonly service: ServiceChange;
}

interface RecalledBody {
  readonly kind: 'recalled';
  readonly by: UserId;
}

/** What a file is to the people who see it: shown, played, listened to, or only offered for saving. */
export type FileKind = 'image' | 'video' | 'audio' | 'file';

/** A file that goes along with a text: its bytes are kept by `Files`, and what is needed to show it before they have come is here. */
export interface FileRef {
  /** 32 lower-case hex digits. */
  readonly id: string;
  /** As its sender called it, without a path; says nothing of what it is. */
  readonly name: string;
  readonly kind: FileKind;
  /** A media type by its content; `application/octet-stream` where that is not known. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  /** Of an image: the room it takes before it has come, and a ThumbHash in base64 to fill it with. It has a preview. */
  readonly picture?: { readonly width: number; readonly height: number; readonly placeholder: string };
}

/** Who is called by a message; those who were no members then are left out (CH-20). */
export interface Mentions {
  readonly users: readonly UserId[];
  /** Everybody. */
  readonly all: boolean;
}

/** Who set an emoji on a message, in the order they did; never empty. Whether it is one's own is for the viewer to see (CH-7). */
export interface Reaction {
  readonly emoji: string;
  readonly users: readonly UserId[];
}

/**
 * What a message may have besides its body. Nothing here depends on the viewer. Absent is none: most messages have none of it, and a row
 * that an older program kept is a row of today.
 */
export interface MessageMarks {
  /** A message of the same conversation; its text is looked up within the viewer's ranges, never copied (CH-22). */
  readonly quote?: MessageName;
  readonly mentions?: Mentions;
  /** A reply: the root's sequence, and the number of this reply in the thread, from 1 (CH-21). */
  readonly thread?: { readonly root: number; readonly ordinal: number };
  /** Whose text it is, where that was forwarded from another conversation or from here, and when it was sent. */
  readonly forwarded?: { readonly sender: UserId; readonly sentAt: number };
  /** The last edit: when, at which modification of the conversation, which is what the next edit is based on (0 before the first), and how many. */
  readonly edited?: { readonly at: number; readonly modification: number; readonly count: number };
  readonly pinned?: { readonly by: UserId; readonly at: number };
  /** In the order of their first setting; at most `reactionEmojisMax`. */
  readonly reactions?: readonly Reaction[];
}

/** One row of a conversation's log. Never deleted. */
export interface Message extends MessageMarks {
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
  /** Of a reply: the sender's replies in its thread after it. */
  readonly threadSent?: number;
  /** Of a root: its replies, absent for none. In the log all of them; what a user reads is told how many of them are within that user's periods (CH-21). */
  readonly replies?: number;
}

/** A text as it was before an edit; deleted by recall. */
export interface Version {
  readonly conversation: ConversationId;
  readonly sequence: number;
  /** What the edit that replaced it was based on: 0 for the first text. */
  readonly modification: number;
  readonly body: TextBody;
  /** When it was written, milliseconds since the epoch. */
  readonly at: number;
}

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
  /** Counting rows of others above `read` that were hidden (CH-19). */
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
