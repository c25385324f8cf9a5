import type { ConversationId, Epoch } from './model.js';
import type { SearchPosition } from './search.js';
import type { ConversationsAnswer, ListPosition } from './store-answers.js';
import type { MessageRow } from './views.js';

/** Queries that search. */
export type SearchQueries =
  /** Requests messages that match, the newest first. */
  | {
      readonly command: 'search';
      /** The search, in the syntax of `parseSearch`; at most `searchCharactersMax` characters. */
      readonly text: string;
      /** Minutes by which the user's clock is ahead of UTC. Determines when days begin. */
      readonly zone: number;
      /** Searches only this conversation; `null` for those that the text names, or all. */
      readonly conversation: ConversationId | null;
      /** `next` of the previous answer; `null` at first. */
      readonly after: SearchPosition | null;
    }
  /**
   * Requests conversations by a part of their name, or of the peer's name in a direct one. `after`: `next` of the
   * previous answer, `null` at first.
   */
  | { readonly command: 'findConversations'; readonly query: string; readonly after: ListPosition | null };

/** The answers of searches. */
export interface SearchAnswers {
  readonly search: {
    readonly epoch: Epoch;
    readonly hits: readonly { readonly conversation: ConversationId; readonly row: MessageRow }[];
    /**
     * Where to continue; `null` if everything was searched. If not `null`, there may be more hits, even if this answer
     * has fewer than fit.
     */
    readonly next: SearchPosition | null;
  };
  readonly findConversations: ConversationsAnswer;
}
