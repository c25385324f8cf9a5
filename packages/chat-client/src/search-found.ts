import type { FileRef, ListPosition, SearchPosition } from '@everywire/chat';
import type { Person } from './person.js';

/** A message that a search found. */
export interface MessageHit {
  readonly conversation: number;
  /**
   * The conversation of the message, even if the list has not loaded it. `null` if the user has left the conversation
   * or it could not be fetched.
   */
  readonly place: ConversationHit | null;
  /** The sequence number of the message, for `Timeline.locate`. */
  readonly sequence: number;
  readonly id: string;
  readonly sender: Person;
  readonly text: string;
  readonly files: readonly FileRef[];
  readonly sentAt: number;
}

/** A page of found messages. */
export interface MessagesFound {
  /** Newest first. */
  readonly hits: readonly MessageHit[];
  /**
   * Where to continue; `null` if everything was searched. If `next` is set and there are fewer hits than a page, the
   * server has so far only searched messages sent after `next.sentAt`.
   */
  readonly next: SearchPosition | null;
}

/** A conversation that a search found. */
export interface ConversationHit {
  readonly id: number;
  readonly kind: 'direct' | 'group' | 'channel' | 'notes';
  /** The name of the conversation; in a direct conversation, the name of the peer. */
  readonly title: string;
  /** Address of the picture of a group or channel; `null` for none. */
  readonly picture: string | null;
  /** The peer of a direct conversation; otherwise `null`. */
  readonly peer: Person | null;
  readonly memberCount: number;
}

/** A page of found conversations. */
export interface ConversationsFound {
  readonly conversations: readonly ConversationHit[];
  /** Where to continue; `null` if there are no more. */
  readonly next: ListPosition | null;
}

/** Options of a message search. */
export interface MessageSearchOptions {
  /** Restricts the search to one conversation. */
  readonly conversation?: number | null;
  /** `next` of the previous answer; `null` or absent to start from the beginning. */
  readonly after?: SearchPosition | null;
  /** Called with the results so far, each time the search continues automatically. */
  readonly onProgress?: (soFar: MessagesFound) => void;
  /** When aborted, the search ends and returns the results so far and where to continue. */
  readonly signal?: AbortSignal;
}

/** Options of a conversation search. */
export interface ConversationSearchOptions {
  /** `next` of the previous answer; `null` or absent to start from the beginning. */
  readonly after?: ListPosition | null;
  /** When aborted, the search ends and returns the results so far and where to continue. */
  readonly signal?: AbortSignal;
}

/**
 * Searches all messages and conversations that the user may see. (`ChatClient.people` finds people.) All promises
 * reject with `ChatFailure`: `search_...`, `rate_limited`, `offline`.
 */
export interface Search {
  /**
   * Finds messages. `text` may contain `from: in: has: before: after:` and quoted phrases; days are in this device's
   * time zone. The server limits the work per answer, so the client repeats the request until at least twenty messages
   * are found, everything was searched, or `signal` aborts.
   */
  messages(text: string, options?: MessageSearchOptions): Promise<MessagesFound>;
  /** Finds conversations by a part of their names, in the order of the list. Repeats the request like `messages`. */
  conversations(query: string, options?: ConversationSearchOptions): Promise<ConversationsFound>;
}
