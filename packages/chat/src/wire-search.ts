import type { ConversationId, Epoch } from './model.js';
import type { SearchPosition } from './search.js';
import type { ConversationsAnswer, ListPosition } from './store-answers.js';
import type { MessageRow } from './views.js';

/** Queries that search. */
export type SearchQueries =
  /** Matching messages, the newest first. */
  | {
      readonly command: 'search';
      /** In the syntax of `parseSearch`; at most `searchCharactersMax`. */
      readonly text: string;
      /** Minutes by which the user's clock is ahead of UTC; determines where days begin. */
      readonly zone: number;
      /** Search only this conversation; `null` for those that the text names. */
      readonly conversation: ConversationId | null;
      /** `next` of the previous answer; `null` at first. */
      readonly after: SearchPosition | null;
    }
  /** Conversations by a part of their name, or of their other member's; `after` is the `next` of the previous answer. */
  | { readonly command: 'findConversations'; readonly query: string; readonly after: ListPosition | null };

/** The answers of searches. */
export interface SearchAnswers {
  readonly search: {
    readonly epoch: Epoch;
    readonly hits: readonly { readonly conversation: ConversationId; readonly row: MessageRow }[];
    /** `null` if there is nothing further; otherwise where to continue, even if fewer hits were found than fit. */
    readonly next: SearchPosition | null;
  };
  readonly findConversations: ConversationsAnswer;
}
