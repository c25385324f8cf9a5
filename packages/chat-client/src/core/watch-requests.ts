import type { ConversationId } from '@everywire/chat';
import type { RequestQueue } from './request-queue.js';

/** Tells the server which conversations are open, so that it sends their receipts and typing notices. */
export class WatchRequests {
  readonly #pendingRequests: RequestQueue;
  readonly #openConversations: () => readonly ConversationId[];
  /** How many times `watch` was requested. */
  #count = 0;
  /** Whether a `watch` was refused since the last one was requested. */
  #refused = false;

  constructor(pendingRequests: RequestQueue, openConversations: () => readonly ConversationId[]) {
    this.#pendingRequests = pendingRequests;
    this.#openConversations = openConversations;
  }

  /** Requests `watch` with the open conversations. */
  request(): void {
    this.#count += 1;
    this.#refused = false;
    const conversations = this.#openConversations();
    // The server keeps the set of the last watch. The scope prevents that an equal set in flight, after which another
    // one was requested, counts as a duplicate of this one.
    this.#pendingRequests.ask({ command: 'watch', conversations }, { scope: `watch ${this.#count}` });
  }

  /** Records that a `watch` was refused. */
  refused(): void {
    this.#refused = true;
  }

  /** Requests a refused `watch` again. */
  retry(): void {
    if (this.#refused) this.request();
  }

  /** Requests a refused `watch` again if this conversation is open: the user may not have been able to see it before. */
  seen(conversation: ConversationId): void {
    if (this.#refused && this.#openConversations().includes(conversation)) this.request();
  }
}
