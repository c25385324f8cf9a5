import type { ConversationId, Entry, UserId } from '@everywire/chat';
import type { Drafts } from './drafts.js';
import type { Outbox } from './outbox.js';
import { isProvisional, peerOf, provisionalOf } from './provisional.js';
import type { SyncCore } from './sync-core.js';

interface Books {
  readonly outbox: Outbox;
  readonly drafts: Drafts;
  readonly sync: SyncCore;
  /** Opens the conversation for one more view. */
  readonly open: (conversation: ConversationId) => void;
}

/**
 * Maps users to direct conversations. Moves drafts and waiting messages of a provisional conversation to the real one once it
 * is known.
 */
export class DirectConversations {
  readonly #parts: Books;
  readonly #known = new Map<UserId, ConversationId>();
  /** Number of open views by provisional id. */
  readonly #opened = new Map<UserId, number>();

  constructor(parts: Books) {
    this.#parts = parts;
  }

  /** Resolves a provisional id to its conversation, if that exists; returns any other id unchanged. */
  at(conversation: ConversationId): ConversationId {
    return isProvisional(conversation) ? (this.#known.get(peerOf(conversation)) ?? conversation) : conversation;
  }

  /** Returns the direct conversation with a user; a provisional one if none is known, or if the list no longer has it. */
  of(peer: UserId): ConversationId {
    const known = this.at(provisionalOf(peer));
    const entry = this.#parts.sync.list.entry(known);
    return entry === null || entry.dismissed ? provisionalOf(peer) : known;
  }

  /** Learns the conversation of a direct entry. */
  see({ peer, conversation }: Entry): void {
    if (peer !== null) this.learn(peer.user, conversation);
  }

  /** Records the direct conversation with a user, and moves drafts, waiting messages and views to it. */
  learn(peer: UserId, conversation: ConversationId): void {
    if (this.#known.get(peer) === conversation) return;
    this.#known.set(peer, conversation);
    const { outbox, drafts, sync, open } = this.#parts;
    outbox.readdress(provisionalOf(peer), conversation);
    drafts.move(provisionalOf(peer), conversation);
    for (let views = this.#opened.get(peer) ?? 0; views > 0; views -= 1) open(conversation);
    if (sync.list.entry(conversation) === null) sync.askEntry(conversation);
  }

  /**
   * Returns the user with whom a conversation must be created before a message to `conversation` can be sent; `null` if it
   * exists or its creation is already queued.
   */
  awaitsCreation(conversation: ConversationId): UserId | null {
    const at = this.at(conversation);
    return isProvisional(at) && !this.#parts.outbox.creates(peerOf(at)) ? peerOf(at) : null;
  }

  /** Counts an opened (1) or closed (-1) view. Returns the conversation that it shows, `null` while that does not exist. */
  count(conversation: ConversationId, by: 1 | -1): ConversationId | null {
    const at = this.at(conversation);
    if (!isProvisional(conversation)) return at;
    const peer = peerOf(conversation);
    this.#opened.set(peer, (this.#opened.get(peer) ?? 0) + by);
    return isProvisional(at) ? null : at;
  }
}
