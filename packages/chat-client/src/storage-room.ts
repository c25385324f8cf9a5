import type { ConversationId } from '@everywire/chat';
import type { DraftWrite } from './core/draft-writes.js';

/**
 * Whether the storage of the browser had no room for something that is still at risk. A write that succeeds says nothing of an earlier one that did
 * not: a draft is at risk until it is written or forgotten, a message until none waits any more.
 */
export class StorageRoom {
  readonly #changed: () => void;
  /** Drafts for which there was no room. */
  readonly #drafts = new Set<ConversationId>();
  #full = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get full(): boolean {
    return this.#full;
  }

  /** `messages`: how many are not sent yet. */
  written(drafts: readonly DraftWrite[], messages: number): void {
    for (const write of drafts) this.#drafts.delete(conversationOf(write));
    if (messages === 0 && this.#drafts.size === 0) this.#set(false);
  }

  /** `error`: why; only a full storage counts. */
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
