import type { Status, TransportName } from '@everywire/client';

/** A person as lists and bubbles show them. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly displayName: string;
}

/** Presence is a lease (CH: never stored); `unknown` while this device is not connected: claim nothing you cannot know. */
export type Presence =
  | { readonly state: 'online' }
  | { readonly state: 'away'; readonly lastSeenAt: number | null }
  | { readonly state: 'unknown' };

export interface ConversationEntry {
  readonly id: number;
  readonly kind: 'direct' | 'group';
  /** A group's name; a direct conversation's other person. */
  readonly title: string;
  readonly peer: Person | null;
  readonly memberCount: number;
  readonly unread: number;
  /** False for a former member's stub, with how it ended. */
  readonly member: boolean;
  readonly ended: 'left' | 'removed' | null;
  readonly preview: {
    readonly sender: Person | null;
    readonly text: string;
    readonly service: ServiceChange | null;
    readonly pending: boolean;
  } | null;
  readonly draft: string;
  readonly activityAt: number;
  readonly typing: readonly Person[];
}

/** What a service message says; the page puts it in words. */
export type ServiceChange =
  | { readonly change: 'created' | 'left' | 'joined' }
  | { readonly change: 'added' | 'removed'; readonly people: readonly Person[] }
  | { readonly change: 'renamed'; readonly name: string };

export type Receipt =
  | { readonly state: 'waiting' } // offline: kept here
  | { readonly state: 'sending' }
  | { readonly state: 'sent' }
  | { readonly state: 'delivered' }
  | { readonly state: 'read'; readonly count: number }
  | { readonly state: 'failed'; readonly code: string };

/** One row of a timeline, in order. `key` never changes, not when a pending echo becomes a message. */
export type TimelineRow =
  | {
      readonly type: 'message';
      readonly key: string;
      readonly sequence: number | null;
      readonly sender: Person;
      readonly own: boolean;
      readonly text: string;
      readonly sentAt: number;
      readonly receipt: Receipt | null;
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
  | { readonly type: 'gap'; readonly key: string; readonly loading: boolean };

export interface TimelineSnapshot {
  readonly rows: readonly TimelineRow[];
  readonly atStart: boolean;
  readonly loading: boolean;
  /** Key of the first row that was unread when the conversation was opened; fixed while it stays open. */
  readonly unreadKey: string | null;
  readonly typing: readonly Person[];
  readonly error: ChatError | null;
}

/** An open conversation. `getSnapshot` keeps its identity until something changed, as `useSyncExternalStore` wants. */
export interface Timeline {
  subscribe(listener: () => void): () => void;
  getSnapshot(): TimelineSnapshot;
  loadOlder(): void;
  /** A gap came into view. */
  fillGap(key: string): void;
  send(text: string): void;
  retry(key: string): void;
  /** Takes a message that was not sent out of the outbox and answers its text. */
  discard(key: string): string;
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
  /** Ended for good: signed out elsewhere, revoked. The page goes back to log in. */
  readonly signedOut: boolean;
}

export interface MemberEntry {
  readonly person: Person;
  readonly role: 'owner' | 'member';
}

export interface ChatClient {
  subscribe(listener: () => void): () => void;
  getSnapshot(): ChatSnapshot;
  openTimeline(conversation: number): Timeline;
  presence(user: number): Presence;
  /** Presence only flows towards those who look. */
  watchPresence(users: readonly number[], listener: () => void): () => void;
  loadMoreConversations(): void;
  people(query: string, after: number | null): Promise<{ readonly people: readonly Person[]; readonly more: boolean }>;
  members(
    conversation: number,
    after: number | null,
  ): Promise<{ readonly members: readonly MemberEntry[]; readonly more: boolean }>;
  createDirect(peer: number): Promise<number>;
  createGroup(name: string, people: readonly number[]): Promise<number>;
  addMembers(conversation: number, people: readonly number[]): Promise<void>;
  removeMember(conversation: number, user: number): Promise<void>;
  leave(conversation: number): Promise<void>;
  rename(conversation: number, name: string): Promise<void>;
  /** Forces a transport, or with `null` lets the client choose. */
  useTransport(transport: TransportName | null): void;
  retryNow(): void;
  /** Keeps the outbox and cache on the device; closes the session. */
  close(): Promise<void>;
  /** Signs out at the server, then forgets everything kept on this device. */
  signOut(): Promise<void>;
}

export interface ChatClientOptions {
  /** Origin of the server, for example `https://chat.example.org`. */
  readonly url: string;
  readonly me: Person;
  readonly token: string;
  readonly transport?: TransportName | null;
  /** In Node: where the server takes raw TCP, `tcp://host:port` or `tls://host:port`; it is tried first. Default: not used. */
  readonly tcp?: string | undefined;
}
