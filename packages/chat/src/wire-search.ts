import type { ConversationId, Epoch } from './model.js';
import type { SearchPosition } from './search.js';
import type { ConversationsAnswer, ListPosition } from './store-answers.js';
import type { MessageRow } from './views.js';

export type SearchQueries =
  /** Messages that are wanted, the newest first. */
  | {
      readonly command: 'search';
      /** As `parseSearch` reads it; at most `searchCharactersMax`. */
      readonly text: string;
      /** Minutes that the asker's clock is ahead of UTC: days begin there. */
      readonly zone: number;
      /** Only in this one; `null`: wherever the text says. */
      readonly conversation: ConversationId | null;
      /** `next` of the answer before; `null` at first. */
      readonly after: SearchPosition | null;
    }
  /** Conversations by a part of their name, or of their other member's; `after` is the `next` of the answer before. */
  | { readonly command: 'findConversations'; readonly query: string; readonly after: ListPosition | null };

export interface SearchAnswers {
  readonly search: {
    readonly epoch: Epoch;
    readonly hits: readonly { readonly conversation: ConversationId; readonly row: MessageRow }[];
    /** `null`: nothing further. Otherwise the search has come this far, whether it found as many as fit or not. */
    readonly next: SearchPosition | null;
  };
  readonly findConversations: ConversationsAnswer;
}
