import type { FileRef, ListPosition, SearchPosition } from '@everywire/chat';
import type { Person } from './person.js';

export interface MessageHit {
  readonly conversation: number;
  /** The same as the list shows it, whether the list has loaded it or not; `null` where it was left meanwhile, or could not be asked for. */
  readonly place: ConversationHit | null;
  /** Where it is: `Timeline.locate` goes there. */
  readonly sequence: number;
  readonly id: string;
  readonly sender: Person;
  readonly text: string;
  readonly files: readonly FileRef[];
  readonly sentAt: number;
}

export interface MessagesFound {
  /** The newest first. */
  readonly hits: readonly MessageHit[];
  /** Where to go on; `null`: all was searched. With fewer hits than a page, the server has searched back to `next.sentAt` and not further. */
  readonly next: SearchPosition | null;
}

export interface ConversationHit {
  readonly id: number;
  readonly kind: 'direct' | 'group' | 'channel' | 'notes';
  /** The name, of a direct conversation the other one's. */
  readonly title: string;
  /** Address of the picture of a group or channel; `null` for none. */
  readonly picture: string | null;
  /** The other one of a direct conversation. */
  readonly peer: Person | null;
  readonly memberCount: number;
}

export interface ConversationsFound {
  readonly conversations: readonly ConversationHit[];
  /** Where to go on; `null`: there are no more. */
  readonly next: ListPosition | null;
}

export interface MessageSearchOptions {
  /** Searches in that one alone. */
  readonly conversation?: number | null;
  /** `next` of the answer before. */
  readonly after?: SearchPosition | null;
  /** Told what was found so far and how far back that reaches, each time the search goes on by itself. */
  readonly onProgress?: (soFar: MessagesFound) => void;
  /** Once aborted, the search ends with what it has and where to go on. */
  readonly signal?: AbortSignal;
}

export interface ConversationSearchOptions {
  /** `next` of the answer before. */
  readonly after?: ListPosition | null;
  /** Once aborted, the search ends with what it has and where to go on. */
  readonly signal?: AbortSignal;
}

/** Looks through what this person may see; people are found by `ChatClient.people`. Rejects with `ChatFailure`: `search_...`, `rate_limited`, `offline`. */
export interface Search {
  /**
   * `text` may hold `from: in: has: before: after:` and phrases in quotes; days are this device's. One answer of the server is of a bounded amount of work, so this asks on by
   * itself until twenty or more were found, nothing is left, or `signal` ends it.
   */
  messages(text: string, options?: MessageSearchOptions): Promise<MessagesFound>;
  /** By a part of their names, in list order; asks on likewise. */
  conversations(query: string, options?: ConversationSearchOptions): Promise<ConversationsFound>;
}
