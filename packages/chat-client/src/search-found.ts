import type { FileRef, ListPosition, SearchPosition } from '@everywire/chat';
import type { Person } from './person.js';

/** A message that a search found. */
export interface MessageHit {
  readonly conversation: number;
  /** Its conversation, whether the list has loaded it or not; `null` if the user has left it or it could not be fetched. */
  readonly place: ConversationHit | null;
  /** Its sequence, for `Timeline.locate`. */
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
   * Where to continue; `null` if everything was searched. With fewer hits than a page, the server has searched back to
   * `next.sentAt` only.
   */
  readonly next: SearchPosition | null;
}

/** A conversation that a search found. */
export interface ConversationHit {
  readonly id: number;
  readonly kind: 'direct' | 'group' | 'channel' | 'notes';
  /** The name; that of the peer in a direct conversation. */
  readonly title: string;
  /** Address of the picture of a group or channel; `null` for none. */
  readonly picture: string | null;
  /** The peer of a direct conversation. */
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
  /** `next` of the previous answer. */
  readonly after?: SearchPosition | null;
  /** Called with the results so far, each time the search continues automatically. */
  readonly onProgress?: (soFar: MessagesFound) => void;
  /** Aborting ends the search with the results so far and where to continue. */
  readonly signal?: AbortSignal;
}

/** Options of a conversation search. */
export interface ConversationSearchOptions {
  /** `next` of the previous answer. */
  readonly after?: ListPosition | null;
  /** Aborting ends the search with the results so far and where to continue. */
  readonly signal?: AbortSignal;
}

/**
 * Searches everything the user may see; `ChatClient.people` finds people. Rejects with `ChatFailure`: `search_...`,
 * `rate_limited`, `offline`.
 */
export interface Search {
  /**
   * Finds messages. `text` may contain `from: in: has: before: after:` and quoted phrases; days are in this device's time zone.
   * Repeats the request, because the server limits the work per answer, until at least twenty are found, nothing is left, or
   * `signal` aborts.
   */
  messages(text: string, options?: MessageSearchOptions): Promise<MessagesFound>;
  /** Finds conversations by a part of their names, in list order; repeats the request likewise. */
  conversations(query: string, options?: ConversationSearchOptions): Promise<ConversationsFound>;
}
