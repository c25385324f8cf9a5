import type { ConversationId, Epoch } from './model.js';
import type { SearchPosition } from './search.js';
import type { MessageRow, ThreadEntry } from './views.js';

/**
 * Threads that the user follows in all conversations, those with the newest reply first. `after` is `next` of the previous
 * answer, `null` at first.
 */
export type ThreadsQuery = { readonly command: 'threads'; readonly after: SearchPosition | null };

/** A followed thread with its conversation. */
export interface ThreadRow extends ThreadEntry {
  readonly conversation: ConversationId;
  /** The root; `null` if the user may not see it: it is older than the user's stay, or hidden. */
  readonly message: MessageRow | null;
  /** The newest reply that the user may see. */
  readonly last: MessageRow;
}

/** The answer to `threads`. */
export interface ThreadsAnswers {
  readonly threads: {
    readonly epoch: Epoch;
    readonly threads: readonly ThreadRow[];
    /** `null` if there are no more; otherwise all threads with a newer reply were returned, even if fewer than fit. */
    readonly next: SearchPosition | null;
  };
}
