// Longer than 300 lines, because it is the complete public interface of the SDK. It contains only types.
import type { FileRef, GroupSettings, MemberPlace, NotificationRule, Role, SearchPosition } from '@everywire/chat';
import type { Status, TransportName, WireClient, WireClientOptions } from '@everywire/client';
import type { WaitingFile } from './core/waiting-file.js';
import type { Groups } from './groups.js';
import type { Person } from './person.js';
import type { PersonalSettings } from './personal-settings.js';
import type { PrivacySettings } from './privacy-settings.js';
import type { Search } from './search-found.js';
import type { FollowedThreads } from './threads-found.js';
import type { TokenSource } from './token-source.js';

export type { WaitingFile } from './core/waiting-file.js';
export type { Person } from './person.js';

/** Whether a user is online. `lastSeenAt`: milliseconds since the epoch; `null` if unknown. `unknown`: this device is not connected. */
export type Presence =
  | { readonly state: 'online' }
  | { readonly state: 'away'; readonly lastSeenAt: number | null }
  | { readonly state: 'unknown' };

/** A conversation as the list shows it. */
export interface ConversationEntry {
  readonly id: number;
  readonly kind: 'direct' | 'group' | 'channel' | 'notes';
  /** The name of a group or channel, the peer's name in a direct conversation, or the user's own name for notes. */
  readonly title: string;
  /** The other person of a direct conversation; otherwise `null`. */
  readonly peer: Person | null;
  /** Path of the picture on this server, readable by members; `null` for none. */
  readonly picture: string | null;
  readonly memberCount: number;
  /** Rises with each change of members or roles. */
  readonly membersAt: number;
  /** The user's own role. */
  readonly role: Role;
  readonly settings: GroupSettings;
  readonly place: MemberPlace;
  /** The end of muting in milliseconds since the epoch; 0 if not muted. The list shows mentions even while muted. */
  readonly mutedUntil: number;
  /** Which messages notify the user while not muted: the user's choice, or the default of the kind. */
  readonly notify: NotificationRule;
  /** Whether the user marked the conversation as unread by hand. */
  readonly marked: boolean;
  /** Whether the user blocks the peer. The peer gets no event about it, but messages of the peer are refused with `blocked`. */
  readonly blocked: boolean;
  readonly unread: number;
  /** Unread messages that mention the user, excluding replies in threads; 101 means more than a hundred. */
  readonly mentions: number;
  /** Sequence (message number) of the first unread mention; `null` for none. */
  readonly mentionAt: number | null;
  /** Followed threads with unread replies, by the sequence of their root. Not included in `unread`. */
  readonly threads: readonly { readonly root: number; readonly unread: number; readonly mentions: number }[];
  /** Unread replies in all followed threads. */
  readonly threadsUnread: number;
  /** False for a former member. `ended` is then the reason; otherwise `null`. */
  readonly member: boolean;
  readonly ended: 'left' | 'removed' | 'deleted' | null;
  readonly preview: {
    /** `null` while the message is pending, that is, waits on this device. */
    readonly sequence: number | null;
    readonly sender: Person | null;
    /** Markdown; the file names if the message has no text. */
    readonly text: string;
    /** Present only if the message has no text: the files whose names are in `text`. */
    readonly files?: readonly PreviewFile[];
    /** The content of a service message by `sender`, or `recalled` for a recalled message; otherwise `null`. */
    readonly service: ServiceChangeView | null;
    readonly pending: boolean;
    /** Set if the pending message failed. The user must choose between `retry` and `discard` of its row. */
    readonly failed?: true;
  } | null;
  /** The last message that was sent. Differs from `preview` only while a message is pending. */
  readonly lastSent: ConversationEntry['preview'];
  readonly draft: string;
  readonly activityAt: number;
  readonly typing: readonly Person[];
}

/** A file of a message, as a preview shows it. `type`: its media type; empty if unknown. */
export type PreviewFile = Pick<FileRef, 'name' | 'type'>;

/** The content of a service message (a message about the conversation itself). The page renders it as text. */
export type ServiceChangeView =
  /** `people`: the initial members, excluding the creator; empty if unknown. */
  | { readonly change: 'created'; readonly people: readonly Person[] }
  | { readonly change: 'joined' }
  /** `owner`: the new owner, if the owner left; otherwise `null`. */
  | { readonly change: 'left'; readonly owner: Person | null }
  /** If the role is `owner`, the previous owner transferred the group to this person. */
  | { readonly change: 'role'; readonly person: Person; readonly role: Role }
  | { readonly change: 'settings'; readonly settings: GroupSettings }
  /** Only in previews, because a timeline has its own type of row for a recalled message. */
  | { readonly change: 'recalled' }
  | { readonly change: 'added' | 'removed'; readonly people: readonly Person[] }
  | { readonly change: 'renamed'; readonly name: string }
  /** `set`: false if the picture was removed. */
  | { readonly change: 'picture'; readonly set: boolean }
  | { readonly change: 'deleted' };

/** How far an own message got on its way to the other members. `count`: the number of members who have read it. */
export type ReceiptView =
  /** Waits on this device, because it is offline or the server refused the message for now (`code`). Retried automatically. */
  | { readonly state: 'waiting'; readonly code?: string }
  | { readonly state: 'sending' }
  | { readonly state: 'sent' }
  | { readonly state: 'delivered' }
  | { readonly state: 'read'; readonly count: number }
  | { readonly state: 'failed'; readonly code: string };

/** The message that a reply quotes, in its current state. */
export type Quote =
  | {
      readonly state: 'shown';
      readonly sequence: number;
      readonly sender: Person;
      readonly text: string;
      readonly files: readonly FileRef[];
      readonly mentions: MessageRowView['mentions'];
    }
  /** Recalled, hidden by the user, or not visible to the user. */
  | { readonly state: 'unavailable' }
  | { readonly state: 'loading' };

/** One emoji with which people reacted to a message. */
export interface ReactionView {
  readonly emoji: string;
  /** The people who reacted, in the order of their reactions. */
  readonly people: readonly Person[];
  /** Whether the user is among these people. */
  readonly own: boolean;
}

/** A message of a timeline. */
export interface MessageRowView {
  readonly type: 'message';
  readonly key: string;
  readonly sequence: number | null;
  readonly sender: Person;
  readonly own: boolean;
  /** Includes local changes that the server has not committed yet. */
  readonly text: string;
  readonly files: readonly FileRef[];
  /** Files of an unsent message that are stored on this device until uploaded; see `Timeline.waitingFile`. */
  readonly waitingFiles?: readonly WaitingFile[];
  readonly sentAt: number;
  readonly receipt: ReceiptView | null;
  readonly quote: Quote | null;
  readonly mentions: { readonly people: readonly Person[]; readonly all: boolean } | null;
  readonly mentionsMe: boolean;
  /** Replies in the thread of this message. Unread ones are counted only if the user follows the thread. */
  readonly replies: number;
  readonly repliesUnread: number;
  readonly forwarded: { readonly sender: Person; readonly sentAt: number } | null;
  /** Version of the text. `edit` needs the value at the time when the user began to edit. */
  readonly textVersion: number;
  readonly editedAt: number | null;
  readonly pinned: { readonly by: Person; readonly at: number } | null;
  readonly reactions: readonly ReactionView[];
  /** Whether the message has local changes that the server has not committed yet. */
  readonly pending: boolean;
}

/** One row of a timeline. `key` stays the same when a pending message becomes a message of the log. */
export type TimelineRow =
  | MessageRowView
  /** A message recalled by its sender or by an admin. */
  | {
      readonly type: 'recalled';
      readonly key: string;
      readonly sequence: number;
      readonly sender: Person;
      readonly own: boolean;
      readonly by: Person;
      readonly sentAt: number;
      /** The text, if the user recalled the message in this view, so that it can be edited and sent again; otherwise `null`. */
      readonly text: string | null;
      readonly replies: number;
      readonly repliesUnread: number;
    }
  | {
      readonly type: 'service';
      readonly key: string;
      readonly sequence: number;
      readonly sender: Person;
      readonly change: ServiceChangeView;
      readonly sentAt: number;
    }
  /** Messages that are not loaded yet. The page must call `fillGap` when the gap becomes visible. */
  | { readonly type: 'gap'; readonly key: string; readonly loading: boolean }
  /** One or more messages, from `sequence` on, that the server's storage cannot read (CH-37). They are not requested again. */
  | { readonly type: 'damaged'; readonly key: string; readonly sequence: number };

/** The state of an open conversation or thread. */
export interface TimelineSnapshot {
  readonly rows: readonly TimelineRow[];
  /** Whether the first row is the start of the history. */
  readonly atStart: boolean;
  readonly loading: boolean;
  /** Pinned messages by sequence, whether they are among `rows` or not. */
  readonly pins: readonly MessageRowView[];
  /** Key of the first row that was unread at opening; does not change while open. `null` if there is none or it is not loaded. */
  readonly unreadKey: string | null;
  /** Whether that row is still being requested. Until it is loaded, the page must not mark the end as read. */
  readonly unreadSought: boolean;
  readonly typing: readonly Person[];
  readonly error: ChatError | null;
}

/** Where a message is shown: the key of its row and the sequence of the root of its thread; `null` outside threads. */
export interface LocatedMessage {
  readonly key: string;
  readonly thread: number | null;
}

/** Options of a message. `people` contains user ids; those of users who are not members are ignored. */
export interface MessageOptions {
  /** Key of the row that the message quotes, in the same timeline. */
  readonly quote?: string;
  readonly mentions?: { readonly people: readonly number[]; readonly all: boolean };
  /** Results of `upload`. If there are files, the text may be empty. */
  readonly files?: readonly FileRef[];
}

/** A file that is not uploaded yet. */
export interface LocalFile {
  readonly name: string;
  /** Media type; empty if unknown. */
  readonly type: string;
  readonly bytes: ArrayBuffer;
}

/** Options of an upload. */
export interface UploadOptions {
  /** Called with the number of bytes uploaded so far. */
  readonly onProgress?: (sent: number) => void;
  /** Cancels the upload and removes the uploaded part. */
  readonly signal?: AbortSignal;
}

/** The amount of data that exists only on this device. */
export interface Unsent {
  /** Unsent messages, including failed ones. */
  readonly messages: number;
  /** Drafts that the server does not have. */
  readonly drafts: number;
}

/** An earlier text of a message. Pass `modification` to `versions` for the next page. */
export interface MessageVersion {
  readonly modification: number;
  readonly text: string;
  readonly writtenAt: number;
}

/** Receipts of one message. In milliseconds since the epoch, at the latest; `null` for not yet. `count`: only the number of readers. */
export type Readers =
  | {
      readonly kind: 'people';
      readonly people: readonly {
        readonly person: Person;
        readonly deliveredAt: number | null;
        readonly readAt: number | null;
      }[];
    }
  | { readonly kind: 'count'; readonly read: number };

/**
 * Actions on the messages of an open conversation or thread. Each is shown immediately, survives a reload, and takes effect once. Its
 * promise resolves when the server has committed it. If the promise rejects with `ChatFailure` (`edit_conflict`, `too_late`, `denied`,
 * `not_found`, ...), the row returns to its previous state. Keys must be keys of sent messages (`sequence` is not `null`).
 */
export interface MessageActions {
  /** Edits a message. `textVersion`: of the row when the user began to edit. Rejects with `edit_conflict` if it has changed. */
  edit(
    key: string,
    edit: { readonly text: string; readonly textVersion: number } & Pick<MessageOptions, 'mentions'>,
  ): Promise<void>;
  /** Deletes the content for all members. The `text` of the row keeps the content in this view. */
  recall(key: string): Promise<void>;
  react(key: string, emoji: string, set: boolean): Promise<void>;
  pin(key: string, set: boolean): Promise<void>;
  /** Hides messages from the user's own view, on all devices. */
  hide(keys: readonly string[]): Promise<void>;
  /** Copies messages, in this order, into each conversation. Each copy is a separate command. Settles when all commands have. */
  forward(keys: readonly string[], conversations: readonly number[]): Promise<void>;
  /** Returns earlier texts, newest first. `before`: the last `modification` received; `null` for the first page. */
  versions(
    key: string,
    before: number | null,
  ): Promise<{ readonly versions: readonly MessageVersion[]; readonly more: boolean }>;
  /** Returns the members who received and read an own message; in a large conversation, only their number. */
  readers(key: string): Promise<Readers>;
}

/**
 * An open conversation or thread. In a thread, `send` sends a reply. A snapshot stays the same object until something in it changes, and
 * `subscribe` calls its listener only then.
 */
export interface Timeline extends MessageActions {
  subscribe(listener: () => void): () => void;
  getSnapshot(): TimelineSnapshot;
  loadOlder(): void;
  /** Fetches a page of a gap, at its newer (default) or older end. Call it when the gap becomes visible. */
  fillGap(key: string, from?: 'newer' | 'older'): void;
  /**
   * Fetches a message and the rows around it, wherever it is in the history. Resolves when its row is among `rows`, or with `null` if the
   * user cannot see the message or the view was closed. Waits while offline.
   */
  locate(sequence: number): Promise<LocatedMessage | null>;
  send(text: string, options?: MessageOptions): void;
  /**
   * Prepares a message whose files are not ready. Resolves its quote and thread now. The returned function sends it, even after `close`,
   * and returns the error if the outbox refuses it, otherwise `null`. Files given as bytes are stored on the device and uploaded once the
   * server is reachable, even after a reload; then the message is sent, once. At most 100 MB may wait on a device, otherwise
   * `waiting_files_full`.
   */
  prepare(
    text: string,
    options?: Omit<MessageOptions, 'files'>,
  ): (files: readonly (FileRef | LocalFile)[]) => ChatError | null;
  retry(key: string): void;
  /** Removes an unsent message from the outbox and returns its text. */
  discard(key: string): string;
  /** Returns a waiting file by the row's key and the file's `number`; `null` if this device does not have it (any more). */
  waitingFile(key: string, number: number): Promise<File | null>;
  /**
   * Marks messages as read: up to the sequence `seen`, but none beyond a gap after the read position; without `seen`, everything. The client
   * sends this at most once a second.
   */
  markRead(seen?: number): void;
  /** Reports whether the user is typing. Throttled; the report expires by itself. */
  setTyping(typing: boolean): void;
  setDraft(text: string): void;
  close(): void;
}

/** An error. `retryable`: whether the same action may succeed later. */
export interface ChatError {
  readonly code: string;
  readonly retryable: boolean;
}

/** The state of the client. */
export interface ChatSnapshot {
  readonly me: Person;
  readonly connection: Status;
  readonly conversations: readonly ConversationEntry[];
  /** Whether the list is not known yet, neither from the server nor from the device's storage. */
  readonly loading: boolean;
  /** Whether more conversations exist; `loadMoreConversations` fetches them. */
  readonly moreConversations: boolean;
  /**
   * Whether the sign-in ended for good, because it was ended elsewhere, revoked or expired. The page should return to sign-in. The device's
   * copy of the list, messages and people is erased, and after a revocation also drafts and unsent messages.
   */
  readonly signedOut: boolean;
  /**
   * Whether the browser's storage had no room for a draft or an unsent message, which is lost when the page closes. Becomes false when no
   * such data is left.
   */
  readonly storageFull: boolean;
}

/**
 * A live event about a message. Events missed while disconnected are not repeated: the conversations contain them. The same
 * event may arrive twice.
 */
export type MessageNews =
  | {
      readonly news: 'sent';
      readonly conversation: number;
      readonly sequence: number;
      /** Sequence of the thread's root, for a reply in a thread. */
      readonly thread: number | null;
      /** The person has no name until it was fetched; see `person`. */
      readonly sender: Person;
      /** Markdown; the file names if the message has no text. */
      readonly text: string;
      /** Present only if the message has no text: the files whose names are in `text`. */
      readonly files?: readonly PreviewFile[];
      /** Whether the message mentions the user, by name or as one of all members. */
      readonly callsMe: boolean;
    }
  | {
      readonly news: 'recalled';
      readonly conversation: number;
      readonly sequence: number;
      readonly thread: number | null;
    };

/** A member of a conversation and their role. */
export interface MemberEntry {
  readonly person: Person;
  readonly role: Role;
}

/** The client of one signed-in user on one device. `createChatClient` creates it. */
export interface ChatClient {
  subscribe(listener: () => void): () => void;
  getSnapshot(): ChatSnapshot;
  openTimeline(conversation: number): Timeline;
  /**
   * Opens one thread by the sequence of its root. Typing is reported in the conversation. `setDraft` is a no-op, because drafts belong to
   * the conversation.
   */
  openThread(conversation: number, root: number): Timeline;
  presence(user: number): Presence;
  /** Subscribes to the presence of these users. Returns the unsubscribe function. */
  watchPresence(users: readonly number[], listener: () => void): () => void;
  /** Calls the listener when another user sends or recalls a message in any conversation. Returns the unsubscribe function. */
  watchMessages(listener: (news: MessageNews) => void): () => void;
  loadMoreConversations(): void;
  people(query: string, after: number | null): Promise<{ readonly people: readonly Person[]; readonly more: boolean }>;
  /** Returns a person. It has no name until it was fetched; `subscribe` fires when it changes. */
  person(user: number): Person;
  /** Sets the display name of deleted accounts, in the user's language. Default: `Deleted account`. */
  nameDeleted(name: string): void;
  /** Fetches the user's own profile after `AccountClient` changed it, and updates `me`, lists and rows. Rejects with `ChatFailure`. */
  fetchMe(): Promise<Person>;
  /** Searches messages and conversations. */
  readonly search: Search;
  /**
   * Lists followed threads of all conversations. `after`: `next` of the previous page, `null` for the first. Rejects with `ChatFailure`:
   * `rate_limited`, `offline`.
   */
  threads(after: SearchPosition | null): Promise<FollowedThreads>;
  members(
    conversation: number,
    after: number | null,
  ): Promise<{ readonly members: readonly MemberEntry[]; readonly more: boolean }>;
  createDirect(peer: number): Promise<number>;
  /**
   * Returns the id of the direct conversation with a user. If this device knows none, returns a provisional id, which is negative.
   * `openTimeline` accepts that id. The drafts stay on this device, and the first `send` creates the conversation, which no list shows
   * before. After that, this method returns the real id, and views that were opened by the provisional id show the conversation.
   */
  direct(peer: number): number;
  /** Returns the entry of a provisional conversation. `conversations` includes it only while a message waits in it. */
  provisional(conversation: number): ConversationEntry;
  createGroup(name: string, people: readonly number[]): Promise<number>;
  addMembers(conversation: number, people: readonly number[]): Promise<void>;
  removeMember(conversation: number, user: number): Promise<void>;
  leave(conversation: number): Promise<void>;
  rename(conversation: number, name: string): Promise<void>;
  /** Manages roles, settings, channels, notes and invitations. */
  readonly groups: Groups;
  /** Manages the user's own settings of conversations: pin, archive, mute, notification rule, mark, clear, dismiss. */
  readonly own: PersonalSettings;
  /**
   * Uploads a file and resumes after interruptions while the page lives. Pass the result to `send`. Rejects with `ChatFailure`: `too_long`,
   * `quota_exceeded`, `full`, `offline`, `interrupted`.
   */
  upload(file: Blob & { readonly name: string }, options?: UploadOptions): Promise<FileRef>;
  /** Manages read receipts and blocked users. */
  readonly privacy: PrivacySettings;
  /** Forces a transport; `null` lets the client choose. */
  useTransport(transport: TransportName | null): void;
  retryNow(): void;
  /** Returns the amount of data that would be lost if the user signed out now. */
  unsent(): Unsent;
  /** Closes the session; keeps outbox, drafts and cache on the device. */
  close(): Promise<void>;
  /**
   * Erases this device's data, cancels uploads, removes them at the server, and ends the sign-in there. Rejects if the server was not
   * reached; the data is erased nevertheless. A message already passed to a connection may still arrive. `notifyServer`: false for a client
   * that ends because another client of this browser signs out with the same token.
   */
  signOut(options?: { readonly notifyServer?: boolean }): Promise<void>;
}

/** Creates the wire client (the connection) of one session, as `createWireClient` does. */
export type CreateWire = (url: string, options: WireClientOptions) => WireClient;

/** Options of `createChatClient`. */
export interface ChatClientOptions {
  /** Origin of the server, for example `https://chat.example.org`. */
  readonly url: string;
  readonly me: Person;
  /**
   * The token, or a function that is called for each session and again before its token expires, so that short-lived tokens of a host
   * application work. It is called again after it rejects or its token is refused. After three refusals in a row, the user is signed out.
   */
  readonly token: TokenSource;
  readonly transport?: TransportName | null;
  /**
   * Only in Node: address of the server's raw TCP port, `tcp://host:port` or `tls://host:port`, which is tried first. Default: not used.
   */
  readonly tcp?: string | undefined;
  /**
   * Creates the wire client of each session. `createTabWireClient` shares one connection among browser tabs. Default: `createWireClient`.
   */
  readonly createWire?: CreateWire;
}
