import type { ConversationId, Epoch } from './model.js';
import type { SearchPosition } from './search.js';
import type { MessageRow, ThreadEntry } from './views.js';

/** The threads one follows, wherever they are: the one with the newest reply first. `after` is `next` of the answer before, `null` at first. */
export type ThreadsQuery = { readonly command: 'threads'; readonly after: SearchPosition | null };

/** A followed thread, from wherever one looks. */
export interface ThreadRow extends ThreadEntry {
  readonly conversation: ConversationId;
  /** The root; `null` where it is not one's own to see: it was said before one came, or one has hidden it. */
  readonly message: MessageRow | null;
  /** The newest reply that one may see. */
  readonly last: MessageRow;
}

export interface ThreadsAnswers {
  readonly threads: {
    readonly epoch: Epoch;
    readonly threads: readonly ThreadRow[];
    /** `null`: there are no more. Otherwise all with a newer reply were given, whether as many as fit or not. */
    readonly next: SearchPosition | null;
  };
}
