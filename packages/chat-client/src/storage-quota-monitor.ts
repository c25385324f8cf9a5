import type { ConversationId } from '@everywire/chat';
import type { DraftWrite } from './core/draft-writes.js';

/**
 * Tracks whether the browser's storage was too full for data that is still at risk, which means that a reload would
 * lose it. After a failed write, a draft is at risk until it is stored or deleted. The failed write of a message is not
 * retried, so messages are at risk until none is unsent.
 */
export class StorageQuotaMonitor {
  readonly #changed: () => void;
  /** Drafts that could not be stored. */
  readonly #drafts = new Set<ConversationId>();
  #full = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Whether data is at risk because the storage was full. */
  get full(): boolean {
    return this.#full;
  }

  /** Records a successful write. `messages` is the number of unsent messages. */
  written(drafts: readonly DraftWrite[], messages: number): void {
    for (const write of drafts) this.#drafts.delete(conversationOf(write));
    if (messages === 0 && this.#drafts.size === 0) this.#set(false);
  }

  /** Records a failed write. Ignores it unless `error` reports a full storage. */
  failed(drafts: readonly DraftWrite[], error: unknown): void {
    if (!(error instanceof Error && error.name === 'QuotaExceededError')) return;
    for (const write of drafts) if (write.write === 'keep') this.#drafts.add(conversationOf(write));
    this.#set(true);
  }

  #set(full: boolean): void {
    if (full === this.#full) return;
    this.#full = full;
    this.#changed();
  }
}

function conversationOf(write: DraftWrite): ConversationId {
  return write.write === 'keep' ? write.draft.conversation : write.conversation;
}
