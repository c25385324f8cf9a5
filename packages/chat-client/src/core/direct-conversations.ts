import type { ConversationId, Entry, UserId } from '@everywire/chat';
import type { Drafts } from './drafts.js';
import type { Outbox } from './outbox.js';
import { isProvisional, peerOf, provisionalOf } from './provisional.js';
import type { SyncCore } from './sync-core.js';

interface CoreParts {
  readonly outbox: Outbox;
  readonly drafts: Drafts;
  readonly sync: SyncCore;
  /** Opens the conversation for one more view. */
  readonly open: (conversation: ConversationId) => void;
}

/**
 * Maps users to direct conversations. A provisional conversation exists only on this device, until its first message
 * creates it on the server. When the real conversation becomes known, moves drafts and waiting messages of the
 * provisional one to it.
 */
export class DirectConversations {
  readonly #parts: CoreParts;
  /** The known direct conversations, by peer. */
  readonly #known = new Map<UserId, ConversationId>();
  /** Number of open views that were opened by a provisional id, by user. */
  readonly #opened = new Map<UserId, number>();

  constructor(parts: CoreParts) {
    this.#parts = parts;
  }

  /**
   * Returns the real id for a provisional one, if the conversation is known to exist. Returns any other id unchanged.
   */
  at(conversation: ConversationId): ConversationId {
    return isProvisional(conversation) ? (this.#known.get(peerOf(conversation)) ?? conversation) : conversation;
  }

  /**
   * Returns the id of the direct conversation with a user. The id is provisional if none is known, or if the user has
   * removed the conversation from the list.
   */
  of(peer: UserId): ConversationId {
    const known = this.at(provisionalOf(peer));
    const entry = this.#parts.sync.list.entry(known);
    return entry === null || entry.dismissed ? provisionalOf(peer) : known;
  }

  /** Learns the peer's conversation from an entry. A no-op unless the entry is that of a direct conversation. */
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

  /**
   * Counts a view that was opened (`by` 1) or closed (`by` -1) by this id. Returns the id of the conversation that the
   * view shows; `null` if that does not exist yet.
   */
  count(conversation: ConversationId, by: 1 | -1): ConversationId | null {
    const at = this.at(conversation);
    if (!isProvisional(conversation)) return at;
    const peer = peerOf(conversation);
    this.#opened.set(peer, (this.#opened.get(peer) ?? 0) + by);
    return isProvisional(at) ? null : at;
  }
}
