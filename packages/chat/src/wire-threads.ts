import type { ConversationId, Epoch } from './model.js';
import type { SearchPosition } from './search.js';
import type { MessageRow, ThreadEntry } from './views.js';

/**
 * Requests the threads that the user follows in all conversations, the one with the newest reply first. `after`: `next`
 * of the previous answer, `null` at first.
 */
export type ThreadsQuery = { readonly command: 'threads'; readonly after: SearchPosition | null };

/** A followed thread with its conversation. */
export interface ThreadRow extends ThreadEntry {
  readonly conversation: ConversationId;
  /** The root; `null` if the user may not see it, because it is older than the user's stay or hidden. */
  readonly message: MessageRow | null;
  /** The newest reply that the user may see. */
  readonly last: MessageRow;
}

/** The answer to `threads`. */
export interface ThreadsAnswers {
  readonly threads: {
    readonly epoch: Epoch;
    readonly threads: readonly ThreadRow[];
    /**
     * Where to continue; `null` if there are no more threads. If not `null`, all threads with a newer reply were
     * returned, even if these are fewer than fit.
     */
    readonly next: SearchPosition | null;
  };
}
