// Longer than 300 lines: the public face of the SDK, types alone.
import type { FileRef, GroupSettings, MemberPlace, NotificationRule, Role, SearchPosition } from '@everywire/chat';
import type { Status, TransportName, WireClient, WireClientOptions } from '@everywire/client';
import type { WaitingFile } from './core/waiting-file.js';
import type { Groups } from './groups.js';
import type { OwnSettings } from './own-settings.js';
import type { Person } from './person.js';
import type { PrivacySettings } from './privacy-settings.js';
import type { Search } from './search-found.js';
import type { FollowedThreads } from './threads-found.js';
import type { TokenSource } from './token-source.js';

export type { WaitingFile } from './core/waiting-file.js';
export type { Person } from './person.js';

/** Presence is a lease (CH: never stored); `unknown` while this device is not connected: claim nothing you cannot know. */
export type Presence =
  | { readonly state: 'online' }
  | { readonly state: 'away'; readonly lastSeenAt: number | null }
  | { readonly state: 'unknown' };

export interface ConversationEntry {
  readonly id: number;
  readonly kind: 'direct' | 'group' | 'channel' | 'notes';
  /** A group's or channel's name; a direct conversation's other person; one's own name for notes. */
  readonly title: string;
  readonly peer: Person | null;
  /** Of a group or channel that was given one: a path at this server, for whoever is in it. */
  readonly picture: string | null;
  readonly memberCount: number;
  /** Rises with each change of who is in it, and as what. */
  readonly membersAt: number;
  /** One's own. */
  readonly role: Role;
  readonly settings: GroupSettings;
  readonly place: MemberPlace;
  /** Until then, milliseconds since the epoch; 0 for not. Nothing notifies meanwhile; who is called by name is shown it in the list all the same. */
  readonly mutedUntil: number;
  /** Which messages notify this person while it is not muted; one's own choice, or the default of its kind. */
  readonly notify: NotificationRule;
  /** Marked unread by hand. */
  readonly marked: boolean;
  /** Of a direct conversation: this person blocks the other. Who is blocked is not told, until something is refused with `blocked`. */
  readonly blocked: boolean;
  readonly unread: number;
  /** Unread messages that call this person; 101 for more than a hundred. Threads are not in it. */
  readonly mentions: number;
  /** The sequence of the first of them. */
  readonly mentionAt: number | null;
  /** Followed threads with something unread, by the sequence of their root; never part of `unread`, to be shown beside it. */
  readonly threads: readonly { readonly root: number; readonly unread: number; readonly mentions: number }[];
  /** In all followed threads. */
  readonly threadsUnread: number;
  /** False for a former member's stub, with how it ended. */
  readonly member: boolean;
  readonly ended: 'left' | 'removed' | 'deleted' | null;
  readonly preview: {
    /** `null` while it is pending. */
    readonly sequence: number | null;
    readonly sender: Person | null;
    readonly text: string;
    /** What happened, by `sender`; also that a message was recalled. */
    readonly service: ServiceChange | null;
    readonly pending: boolean;
    /** Of a pending one: it failed, and waits for `retry` or `discard` of its row. */
    readonly failed?: true;
  } | null;
  readonly draft: string;
  readonly activityAt: number;
  readonly typing: readonly Person[];
}

/** What a service message says; the page puts it in words. */
export type ServiceChange =
  /** `people`: whom a group began with besides its creator; empty where that is not known. */
  | { readonly change: 'created'; readonly people: readonly Person[] }
  | { readonly change: 'joined' }
  /** `owner`: whose the group is now, where its owner left. */
  | { readonly change: 'left'; readonly owner: Person | null }
  /** `owner` as the role: the group was handed over to this person. */
  | { readonly change: 'role'; readonly person: Person; readonly role: Role }
  | { readonly change: 'settings'; readonly settings: GroupSettings }
  /** Of a preview alone: in a timeline such a message is a row of its own type. */
  | { readonly change: 'recalled' }
  | { readonly change: 'added' | 'removed'; readonly people: readonly Person[] }
  | { readonly change: 'renamed'; readonly name: string }
  /** `set`: false where it was taken away. */
  | { readonly change: 'picture'; readonly set: boolean }
  | { readonly change: 'deleted' };

export type Receipt =
  /** Kept here: offline, or with the server's reason for not taking it yet. It is sent by itself. */
  | { readonly state: 'waiting'; readonly code?: string }
  | { readonly state: 'sending' }
  | { readonly state: 'sent' }
  | { readonly state: 'delivered' }
  | { readonly state: 'read'; readonly count: number }
  | { readonly state: 'failed'; readonly code: string };

/** What a reply quotes. It follows the message it refers to. */
export type Quote =
  | {
      readonly state: 'shown';
      readonly sequence: number;
      readonly sender: Person;
      readonly text: string;
      readonly files: readonly FileRef[];
      readonly mentions: MessageRowView['mentions'];
    }
  /** Recalled, deleted by this person, or not theirs to see. */
  | { readonly state: 'unavailable' }
  | { readonly state: 'loading' };

export interface ReactionView {
  readonly emoji: string;
  /** In the order they set it. */
  readonly people: readonly Person[];
  /** This person is among them. */
  readonly own: boolean;
}

export interface MessageRowView {
  readonly type: 'message';
  readonly key: string;
  readonly sequence: number | null;
  readonly sender: Person;
  readonly own: boolean;
  /** Everything is shown at once, also what was done on this device and is still on its way. */
  readonly text: string;
  readonly files: readonly FileRef[];
  /** Of a message that was not sent: files that are kept here until they can go up; see `Timeline.waitingFile`. */
  readonly waitingFiles?: readonly WaitingFile[];
  readonly sentAt: number;
  readonly receipt: Receipt | null;
  readonly quote: Quote | null;
  readonly mentions: { readonly people: readonly Person[]; readonly all: boolean } | null;
  readonly mentionsMe: boolean;
  /** Replies in the thread of this message, and those of them that are unread where the thread is followed. */
  readonly replies: number;
  readonly repliesUnread: number;
  readonly forwarded: { readonly sender: Person; readonly sentAt: number } | null;
  /** To be given back with `edit`, as it was when the person began to edit. */
  readonly edition: number;
  readonly editedAt: number | null;
  readonly pinned: { readonly by: Person; readonly at: number } | null;
  readonly reactions: readonly ReactionView[];
  /** Something of it is on its way to the server. */
  readonly pending: boolean;
}

/** One row of a timeline, in order. `key` never changes, not when a pending echo becomes a message. */
export type TimelineRow =
  | MessageRowView
  /** A message that was recalled, by its sender or by who keeps order here. */
  | {
      readonly type: 'recalled';
      readonly key: string;
      readonly sequence: number;
      readonly sender: Person;
      readonly own: boolean;
      readonly by: Person;
      readonly sentAt: number;
      /** What it said, where it was recalled from this page: to be edited and sent anew. */
      readonly text: string | null;
      readonly replies: number;
      readonly repliesUnread: number;
    }
  | {
      readonly type: 'service';
      readonly key: string;
      readonly sequence: number;
      readonly sender: Person;
      readonly change: ServiceChange;
      readonly sentAt: number;
    }
  /** History between two held ranges; asked for when it comes into view. */
  | { readonly type: 'gap'; readonly key: string; readonly loading: boolean }
  /** One or more messages, from `sequence` on, that the server’s storage cannot give back (CH-37); nothing asks for them again. */
  | { readonly type: 'damaged'; readonly key: string; readonly sequence: number };

export interface TimelineSnapshot {
  readonly rows: readonly TimelineRow[];
  readonly atStart: boolean;
  readonly loading: boolean;
  /** What is pinned here, by sequence, whether it is among `rows` or not. */
  readonly pins: readonly MessageRowView[];
  /** Key of the first row that was unread when the conversation was opened; fixed while it stays open. `null` as long as it is not held. */
  readonly unreadKey: string | null;
  /** That row lies further back and is being fetched: who is shown the end meanwhile has not read what lies before it. */
  readonly unreadSought: boolean;
  readonly typing: readonly Person[];
  readonly error: ChatError | null;
}

/** Where a message is shown: under this key, in the conversation or (with the sequence of its root) in a thread of it. */
export interface LocatedMessage {
  readonly key: string;
  readonly thread: number | null;
}

/** What a text may have besides. People are named by id; those who are no members are left out. */
export interface SendOptions {
  /** Key of a row of this timeline. */
  readonly quote?: string;
  readonly mentions?: { readonly people: readonly number[]; readonly all: boolean };
  /** What `upload` answered. With some, the text may be empty. */
  readonly files?: readonly FileRef[];
}

/** A file of this device that has not gone up. */
export interface LocalFile {
  readonly name: string;
  /** A media type; empty where it is not known. */
  readonly type: string;
  readonly bytes: ArrayBuffer;
}

export interface UploadOptions {
  /** Bytes that have gone up so far. */
  readonly onProgress?: (sent: number) => void;
  /** Stops it, and removes what has gone up. */
  readonly signal?: AbortSignal;
}

/** What is on this device alone. */
export interface Unsent {
  /** Messages that were not sent yet, failed ones among them. */
  readonly messages: number;
  /** Drafts that the server does not have. */
  readonly drafts: number;
}

/** An earlier text of a message. `modification` is what `versions` goes on from. */
export interface MessageVersion {
  readonly modification: number;
  readonly text: string;
  readonly writtenAt: number;
}

/** How far one message got. Times are milliseconds since the epoch: it had happened by then; `null` for not yet. */
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
 * An open conversation, or an open thread of one: then the rows are its root and the replies, and `send` replies. What is done to a message is
 * shown at once, survives a reload, and happens once; its promise is kept when the server has done it and rejects with `ChatFailure` (`edit_conflict`,
 * `too_late`, `denied`, `not_found`, ...), and then the row is as it was. Keys are those of message rows that were sent (`sequence` is not `null`).
 */
export interface MessageDeeds {
  /** `edition` is the row's, as the person began: with another one meanwhile it is refused with `edit_conflict`. */
  edit(
    key: string,
    edit: { readonly text: string; readonly edition: number } & Pick<SendOptions, 'mentions'>,
  ): Promise<void>;
  /** Empties it for everybody. What it said stays on this page, as the `text` of its row. */
  recall(key: string): Promise<void>;
  react(key: string, emoji: string, set: boolean): Promise<void>;
  pin(key: string, set: boolean): Promise<void>;
  /** Takes messages out of this person's own view, on all devices. */
  hide(keys: readonly string[]): Promise<void>;
  /** Copies them, in this order, into each of these conversations. Each copy is a command of its own: settles when all have. */
  forward(keys: readonly string[], conversations: readonly number[]): Promise<void>;
  /** What it said before its edits, the newest first; `before` is the last `modification` that was given, `null` for the first page. */
  versions(
    key: string,
    before: number | null,
  ): Promise<{ readonly versions: readonly MessageVersion[]; readonly more: boolean }>;
  /** Who has it, of an own message in a large conversation how many. */
  readers(key: string): Promise<Readers>;
}

/** An open conversation. A snapshot keeps its identity until something in it changed, and `subscribe` tells of another one alone. */
export interface Timeline extends MessageDeeds {
  subscribe(listener: () => void): () => void;
  getSnapshot(): TimelineSnapshot;
  loadOlder(): void;
  /** A gap came into view: its newer end is filled first, or its older one. */
  fillGap(key: string, from?: 'newer' | 'older'): void;
  /**
   * Fetches what is around a message, wherever in the history it is, until its row is among `rows`. `null` where this person cannot see it (or the view was
   * closed). While offline it waits.
   */
  locate(sequence: number): Promise<LocatedMessage | null>;
  send(text: string, options?: SendOptions): void;
  /**
   * A message whose files are still going up. What it quotes and its thread are looked up now; what this answers sends it, also after `close`,
   * and tells why where it was not taken. Files that are given as bytes are kept on the device with the message, go up when the server can be
   * reached, also after a reload, and then the message is sent, once; at most 100 MB wait on a device, one more is refused with `waiting_files_full`.
   */
  prepare(
    text: string,
    options?: Omit<SendOptions, 'files'>,
  ): (files: readonly (FileRef | LocalFile)[]) => ChatError | null;
  retry(key: string): void;
  /** Takes a message that was not sent out of the outbox and answers its text. */
  discard(key: string): string;
  /** A file that waits with its message, by the key of the row and the file's `number`; `null` where it is not kept here any more. */
  waitingFile(key: string, number: number): Promise<File | null>;
  /** The person has seen everything up to the end; told to the server at most once a second. */
  markRead(): void;
  /** The composer changed; throttled, expires by itself. */
  setTyping(typing: boolean): void;
  setDraft(text: string): void;
  close(): void;
}

export interface ChatError {
  readonly code: string;
  readonly retryable: boolean;
}

export interface ChatSnapshot {
  readonly me: Person;
  readonly connection: Status;
  readonly conversations: readonly ConversationEntry[];
  /** The first bootstrap has not been answered and nothing was cached. */
  readonly loading: boolean;
  /** More conversations than those listed exist; `loadMoreConversations` fetches them. */
  readonly moreConversations: boolean;
  /**
   * Ended for good: signed out elsewhere, revoked, run out. The page goes back to log in. The device's copy of the list, messages and people is erased,
   * after a revocation also drafts and what was not sent.
   */
  readonly signedOut: boolean;
  /** The browser's storage had no room for a draft or an unsent message: it lives as long as the page. False again once nothing is at risk any more. */
  readonly storageFull: boolean;
}

/**
 * What this device hears at the moment that it happens. What happened while it was not connected is no news: the conversations show it.
 * The same news may come twice.
 */
export type MessageNews =
  | {
      readonly news: 'sent';
      readonly conversation: number;
      readonly sequence: number;
      /** Of a reply in a thread: the sequence of the thread's root. */
      readonly thread: number | null;
      /** Without a name until that was fetched; see `person`. */
      readonly sender: Person;
      /** Markdown; of a message without a text, the names of its files. */
      readonly text: string;
      /** By name, or with everybody. */
      readonly callsMe: boolean;
    }
  | {
      readonly news: 'recalled';
      readonly conversation: number;
      readonly sequence: number;
      readonly thread: number | null;
    };

export interface MemberEntry {
  readonly person: Person;
  readonly role: Role;
}

export interface ChatClient {
  subscribe(listener: () => void): () => void;
  getSnapshot(): ChatSnapshot;
  openTimeline(conversation: number): Timeline;
  /** One thread, by the sequence of its root. Typing is told in the conversation; a draft is the conversation's, and `setDraft` does nothing here. */
  openThread(conversation: number, root: number): Timeline;
  presence(user: number): Presence;
  /** Presence only flows towards those who look. */
  watchPresence(users: readonly number[], listener: () => void): () => void;
  /** Calls the listener for each message of others, in any conversation, as it is sent or recalled; returns what ends that. */
  watchMessages(listener: (news: MessageNews) => void): () => void;
  loadMoreConversations(): void;
  people(query: string, after: number | null): Promise<{ readonly people: readonly Person[]; readonly more: boolean }>;
  /** What is known of a person, without a name until it has come; `subscribe` tells when it is another. */
  person(user: number): Person;
  /** What deleted accounts are called from now on, in the reader's language. Default: `Deleted account`. */
  nameDeleted(name: string): void;
  /** Asks who one is to others now, after `AccountClient` changed it: `me`, lists and rows follow. Rejects with `ChatFailure`. */
  fetchMe(): Promise<Person>;
  /** Messages and conversations by words and filters. */
  readonly search: Search;
  /** The threads this person follows, in all conversations; `after` is `next` of the page before. Rejects with `ChatFailure`: `rate_limited`, `offline`. */
  threads(after: SearchPosition | null): Promise<FollowedThreads>;
  members(
    conversation: number,
    after: number | null,
  ): Promise<{ readonly members: readonly MemberEntry[]; readonly more: boolean }>;
  createDirect(peer: number): Promise<number>;
  /**
   * The direct conversation with this person: its id, or where this device knows of none a provisional one, below zero. `openTimeline` takes
   * it, drafts are kept for it on this device, and its first `send` creates the conversation, which nobody's list has before. From then on
   * this gives the real id, and views that are open by the provisional one show it.
   */
  direct(peer: number): number;
  /** A provisional conversation as an entry. `conversations` has it only while a message waits in it. */
  provisional(conversation: number): ConversationEntry;
  createGroup(name: string, people: readonly number[]): Promise<number>;
  addMembers(conversation: number, people: readonly number[]): Promise<void>;
  removeMember(conversation: number, user: number): Promise<void>;
  leave(conversation: number): Promise<void>;
  rename(conversation: number, name: string): Promise<void>;
  /** Roles, settings, channels, notes, invitations. */
  readonly groups: Groups;
  /** Pin, archive, mute, notification rule, mark, clear, dismiss. */
  readonly own: OwnSettings;
  /**
   * Sends a file up, on where it was after each cut, for as long as the page lives. What it answers goes along with a message by `send`.
   * Rejects with `ChatFailure`: `too_long`, `quota_exceeded`, `full`, `offline`, `interrupted`.
   */
  upload(file: Blob & { readonly name: string }, options?: UploadOptions): Promise<FileRef>;
  /** Whether others are told what one has read; whom one blocks. */
  readonly privacy: PrivacySettings;
  /** Forces a transport, or with `null` lets the client choose. */
  useTransport(transport: TransportName | null): void;
  retryNow(): void;
  /** What signing out now would lose. */
  unsent(): Unsent;
  /** Keeps outbox, drafts and cache on the device; closes the session. */
  close(): Promise<void>;
  /**
   * Sends nothing any more and forgets everything kept on this device, stops uploads and removes them at the server, and signs out there. Rejects where the
   * server could not be told; what was kept is forgotten all the same. A message that a connection was given already may still arrive.
   * `tellServer` is false for a client that ends because another one of this browser, with the same token, signs out.
   */
  signOut(options?: { readonly tellServer?: boolean }): Promise<void>;
}

/** Makes the client of one session, as `createWireClient` does. */
export type CreateWire = (url: string, options: WireClientOptions) => WireClient;

export interface ChatClientOptions {
  /** Origin of the server, for example `https://chat.example.org`. */
  readonly url: string;
  readonly me: Person;
  /**
   * A function is asked for each session and again before the token runs out, so that short-lived tokens of a host application never end
   * a conversation. Where it rejects, or the server refuses what it gave, it is asked again a while later; refused three times in a row, one is signed out.
   */
  readonly token: TokenSource;
  readonly transport?: TransportName | null;
  /** In Node: where the server takes raw TCP, `tcp://host:port` or `tls://host:port`; it is tried first. Default: not used. */
  readonly tcp?: string | undefined;
  /** Makes the client of each session; `createTabWireClient` lets the tabs of a browser share one connection. Default: `createWireClient`. */
  readonly createWire?: CreateWire;
}
