// Longer than 300 lines: the public interface of the SDK, types only.
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

/** The presence of a user, which is a lease and never stored; `unknown` while this device is not connected. */
export type Presence =
  | { readonly state: 'online' }
  | { readonly state: 'away'; readonly lastSeenAt: number | null }
  | { readonly state: 'unknown' };

/** A conversation as the list shows it. */
export interface ConversationEntry {
  readonly id: number;
  readonly kind: 'direct' | 'group' | 'channel' | 'notes';
  /** The name of a group or channel; the peer's name in a direct conversation; one's own name for notes. */
  readonly title: string;
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
  /** Whether the user marked it unread. */
  readonly marked: boolean;
  /** Whether the user blocks the peer. A blocked user is not notified, but gets refusals with `blocked`. */
  readonly blocked: boolean;
  readonly unread: number;
  /** Unread messages that mention the user, without threads; 101 for more than a hundred. */
  readonly mentions: number;
  /** Sequence of the first unread mention. */
  readonly mentionAt: number | null;
  /** Followed threads with unread replies, by the sequence of their root. Not included in `unread`. */
  readonly threads: readonly { readonly root: number; readonly unread: number; readonly mentions: number }[];
  /** Unread replies in all followed threads. */
  readonly threadsUnread: number;
  /** False for a former member; `ended` says why. */
  readonly member: boolean;
  readonly ended: 'left' | 'removed' | 'deleted' | null;
  readonly preview: {
    /** `null` while it is pending. */
    readonly sequence: number | null;
    readonly sender: Person | null;
    /** Markdown; the file names if the message has no text. */
    readonly text: string;
    /** Only without a text: the files whose names are in `text`. */
    readonly files?: readonly PreviewFile[];
    /** Service message by `sender`; `recalled` for a recalled message. */
    readonly service: ServiceChangeView | null;
    readonly pending: boolean;
    /** The pending message failed, and needs `retry` or `discard` of its row. */
    readonly failed?: true;
  } | null;
  readonly draft: string;
  readonly activityAt: number;
  readonly typing: readonly Person[];
}

/** A file of a message, as a preview names it. `type` is its media type; empty if unknown. */
export type PreviewFile = Pick<FileRef, 'name' | 'type'>;

/** The content of a service message, which the page renders as text. */
export type ServiceChangeView =
  /** `people`: initial members besides the creator; empty if unknown. */
  | { readonly change: 'created'; readonly people: readonly Person[] }
  | { readonly change: 'joined' }
  /** `owner`: the new owner, if the owner left. */
  | { readonly change: 'left'; readonly owner: Person | null }
  /** With `owner` as the role, the group was handed over to this person. */
  | { readonly change: 'role'; readonly person: Person; readonly role: Role }
  | { readonly change: 'settings'; readonly settings: GroupSettings }
  /** Only in previews: in a timeline, a recalled message has its own row type. */
  | { readonly change: 'recalled' }
  | { readonly change: 'added' | 'removed'; readonly people: readonly Person[] }
  | { readonly change: 'renamed'; readonly name: string }
  /** `set`: false if the picture was removed. */
  | { readonly change: 'picture'; readonly set: boolean }
  | { readonly change: 'deleted' };

/** How far an own message got. */
export type ReceiptView =
  /** Waiting on this device: offline, or refused for now with `code`. Retried automatically. */
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
  /** In the order in which they reacted. */
  readonly people: readonly Person[];
  /** Whether the user is among them. */
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
  /** Replies in the thread of this message; unread ones are counted if the thread is followed. */
  readonly replies: number;
  readonly repliesUnread: number;
  readonly forwarded: { readonly sender: Person; readonly sentAt: number } | null;
  /** Pass it to `edit`, with the value at which the user began to edit. */
  readonly textVersion: number;
  readonly editedAt: number | null;
  readonly pinned: { readonly by: Person; readonly at: number } | null;
  readonly reactions: readonly ReactionView[];
  /** Whether it has local changes that the server has not committed yet. */
  readonly pending: boolean;
}

/** One row of a timeline. `key` never changes, not even when a pending echo becomes a message. */
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
      /** Its text, if it was recalled in this view: can be edited and sent again. */
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
  /** Missing history between two held ranges; call `fillGap` when it becomes visible. */
  | { readonly type: 'gap'; readonly key: string; readonly loading: boolean }
  /** One or more messages, from `sequence` on, that the server's storage cannot read (CH-37); not requested again. */
  | { readonly type: 'damaged'; readonly key: string; readonly sequence: number };

/** The state of an open conversation or thread. */
export interface TimelineSnapshot {
  readonly rows: readonly TimelineRow[];
  readonly atStart: boolean;
  readonly loading: boolean;
  /** Pinned messages by sequence, whether they are among `rows` or not. */
  readonly pins: readonly MessageRowView[];
  /** Key of the first row that was unread at opening; fixed while the conversation is open. `null` while it is not held. */
  readonly unreadKey: string | null;
  /** Whether that row lies further back and is being fetched: until then, do not treat the end as read. */
  readonly unreadSought: boolean;
  readonly typing: readonly Person[];
  readonly error: ChatError | null;
}

/** Where a message is shown: the key of its row and, in a thread, the sequence of the root. */
export interface LocatedMessage {
  readonly key: string;
  readonly thread: number | null;
}

/** Options of a message. People are ids; those who are not members are ignored. */
export interface MessageOptions {
  /** Key of a row of this timeline. */
  readonly quote?: string;
  readonly mentions?: { readonly people: readonly number[]; readonly all: boolean };
  /** Results of `upload`. With files, the text may be empty. */
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

/** Data that exists only on this device. */
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

/** Receipts of one message. Times are upper bounds in milliseconds since the epoch; `null` for not yet. */
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
 * Actions on the messages of an open conversation or thread. Each is shown immediately, survives a reload, and happens once;
 * its promise resolves when the server has committed it. If it rejects with `ChatFailure` (`edit_conflict`, `too_late`,
 * `denied`, `not_found`, ...), the row returns to its previous state. Keys must be those of sent messages (`sequence` is not
 * `null`).
 */
export interface MessageActions {
  /** Edits a message. `textVersion` is the row's when the user began to edit: fails with `edit_conflict` if it changed since. */
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
  /** Copies messages, in this order, into each conversation. Settles when all copies, which are separate commands, have. */
  forward(keys: readonly string[], conversations: readonly number[]): Promise<void>;
  /** Returns earlier texts, newest first; `before` is the last `modification` received, `null` for the first page. */
  versions(
    key: string,
    before: number | null,
  ): Promise<{ readonly versions: readonly MessageVersion[]; readonly more: boolean }>;
  /** Returns who received and read an own message, or in a large conversation how many. */
  readers(key: string): Promise<Readers>;
}

/**
 * An open conversation or thread; in a thread, `send` replies. A snapshot keeps its identity until something in it changes, and
 * `subscribe` fires only then.
 */
export interface Timeline extends MessageActions {
  subscribe(listener: () => void): () => void;
  getSnapshot(): TimelineSnapshot;
  loadOlder(): void;
  /** Fetches a page of a gap, at its newer or older end; call it when the gap becomes visible. */
  fillGap(key: string, from?: 'newer' | 'older'): void;
  /**
   * Fetches a message and the rows around it, wherever it is in the history, and resolves once its row is among `rows`.
   * Resolves with `null` if the user cannot see it or the view was closed. Waits while offline.
   */
  locate(sequence: number): Promise<LocatedMessage | null>;
  send(text: string, options?: MessageOptions): void;
  /**
   * Prepares a message whose files are not ready. Resolves its quote and thread now; the returned function sends it, even after
   * `close`, and returns the error if the outbox refuses it. Files given as bytes are stored on the device and uploaded once
   * the server is reachable, even after a reload; then the message is sent, once. At most 100 MB wait on a device; above, fails
   * with `waiting_files_full`.
   */
  prepare(
    text: string,
    options?: Omit<MessageOptions, 'files'>,
  ): (files: readonly (FileRef | LocalFile)[]) => ChatError | null;
  retry(key: string): void;
  /** Removes an unsent message from the outbox and returns its text. */
  discard(key: string): string;
  /** Returns a waiting file of a message, by the row's key and the file's `number`; `null` if it is no longer stored here. */
  waitingFile(key: string, number: number): Promise<File | null>;
  /** Marks everything as read; sent to the server at most once a second. */
  markRead(): void;
  /** Reports whether the user is typing; throttled, expires by itself. */
  setTyping(typing: boolean): void;
  setDraft(text: string): void;
  close(): void;
}

/** An error as a code; `retryable` if the same action may succeed later. */
export interface ChatError {
  readonly code: string;
  readonly retryable: boolean;
}

/** The state of the client. */
export interface ChatSnapshot {
  readonly me: Person;
  readonly connection: Status;
  readonly conversations: readonly ConversationEntry[];
  /** Whether nothing is known yet, from the server or the cache. */
  readonly loading: boolean;
  /** Whether more conversations exist; `loadMoreConversations` fetches them. */
  readonly moreConversations: boolean;
  /**
   * Whether the sign-in ended for good: signed out elsewhere, revoked or expired. The page should return to sign-in. The
   * device's copy of the list, messages and people is erased; after a revocation, drafts and unsent messages too.
   */
  readonly signedOut: boolean;
  /**
   * Whether the browser's storage had no room for a draft or an unsent message, which is lost when the page closes. Becomes
   * false once nothing is at risk.
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
      /** Without a name until it was fetched; see `person`. */
      readonly sender: Person;
      /** Markdown; the file names if the message has no text. */
      readonly text: string;
      /** Only without a text: the files whose names are in `text`. */
      readonly files?: readonly PreviewFile[];
      /** Whether it mentions the user, by name or with everyone. */
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

/** The client of one signed-in user. */
export interface ChatClient {
  subscribe(listener: () => void): () => void;
  getSnapshot(): ChatSnapshot;
  openTimeline(conversation: number): Timeline;
  /**
   * Opens one thread, by the sequence of its root. Typing is reported in the conversation. Drafts belong to the conversation:
   * `setDraft` is a no-op here.
   */
  openThread(conversation: number, root: number): Timeline;
  presence(user: number): Presence;
  /** Subscribes to the presence of these users; returns the unsubscribe function. */
  watchPresence(users: readonly number[], listener: () => void): () => void;
  /**
   * Calls the listener for each message of others, in any conversation, when it is sent or recalled; returns the unsubscribe
   * function.
   */
  watchMessages(listener: (news: MessageNews) => void): () => void;
  loadMoreConversations(): void;
  people(query: string, after: number | null): Promise<{ readonly people: readonly Person[]; readonly more: boolean }>;
  /** Returns a person, without a name until it was fetched; `subscribe` fires when it changes. */
  person(user: number): Person;
  /** Sets the display name of deleted accounts, in the user's language. Default: `Deleted account`. */
  nameDeleted(name: string): void;
  /**
   * Fetches the user's own profile, after `AccountClient` changed it, and updates `me`, lists and rows. Rejects with
   * `ChatFailure`.
   */
  fetchMe(): Promise<Person>;
  /** Searches messages and conversations. */
  readonly search: Search;
  /**
   * Lists followed threads of all conversations; `after` is `next` of the previous page. Rejects with `ChatFailure`:
   * `rate_limited`, `offline`.
   */
  threads(after: SearchPosition | null): Promise<FollowedThreads>;
  members(
    conversation: number,
    after: number | null,
  ): Promise<{ readonly members: readonly MemberEntry[]; readonly more: boolean }>;
  createDirect(peer: number): Promise<number>;
  /**
   * Returns the id of the direct conversation with a user, or, if this device knows none, a provisional one, below zero.
   * `openTimeline` accepts it, its drafts are stored on this device, and its first `send` creates the conversation, which no
   * list shows before. After that, this returns the real id, and views opened by the provisional id show it.
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
   * Uploads a file, resuming after interruptions as long as the page lives. Pass the result to `send`. Rejects with
   * `ChatFailure`: `too_long`, `quota_exceeded`, `full`, `offline`, `interrupted`.
   */
  upload(file: Blob & { readonly name: string }, options?: UploadOptions): Promise<FileRef>;
  /** Manages read receipts and blocked users. */
  readonly privacy: PrivacySettings;
  /** Forces a transport; `null` lets the client choose. */
  useTransport(transport: TransportName | null): void;
  retryNow(): void;
  /** Returns what signing out now would lose. */
  unsent(): Unsent;
  /** Closes the session; keeps outbox, drafts and cache on the device. */
  close(): Promise<void>;
  /**
   * Erases this device's copy, cancels uploads and removes them at the server, and signs out there. Rejects if the server was
   * not reached; the copy is erased nevertheless. A message already handed to a connection may still arrive. `notifyServer` is
   * false for a client that ends because another one of this browser, with the same token, signs out.
   */
  signOut(options?: { readonly notifyServer?: boolean }): Promise<void>;
}

/** Makes the client of one session, as `createWireClient` does. */
export type CreateWire = (url: string, options: WireClientOptions) => WireClient;

/** Options of `createChatClient`. */
export interface ChatClientOptions {
  /** Origin of the server, for example `https://chat.example.org`. */
  readonly url: string;
  readonly me: Person;
  /**
   * A function is called for each session and again before its token expires, so that short-lived tokens of a host application
   * work. It is called again after a rejection or a refused token; after three refusals in a row, the user is signed out.
   */
  readonly token: TokenSource;
  readonly transport?: TransportName | null;
  /**
   * Only in Node: address of the server's raw TCP port, `tcp://host:port` or `tls://host:port`, tried first. Default: not used.
   */
  readonly tcp?: string | undefined;
  /**
   * Creates the wire client of each session; `createTabWireClient` shares one connection among browser tabs. Default:
   * `createWireClient`.
   */
  readonly createWire?: CreateWire;
}
