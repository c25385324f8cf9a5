import type { ConversationId, Entry, UserId } from '@everywire/chat';
import type { DraftBook } from './draft-book.js';
import type { Outbox } from './outbox.js';
import { isProvisional, peerOf, provisionalOf } from './provisional.js';
import type { SyncCore } from './sync-core.js';

interface Books {
  readonly outbox: Outbox;
  readonly drafts: DraftBook;
  readonly sync: SyncCore;
  /** Another view of this conversation came. */
  readonly open: (conversation: ConversationId) => void;
}

/** The direct conversations by their other person. What was written in a provisional one follows it once it is known. */
export class DirectBook {
  readonly #books: Books;
  readonly #known = new Map<UserId, ConversationId>();
  /** How often each is open by its provisional id. */
  readonly #opened = new Map<UserId, number>();

  constructor(books: Books) {
    this.#books = books;
  }

  /** The conversation that a provisional id stands for, once there is one; any other id as it is. */
  at(conversation: ConversationId): ConversationId {
    return isProvisional(conversation) ? (this.#known.get(peerOf(conversation)) ?? conversation) : conversation;
  }

  /** The direct conversation with this person; provisional where none is known, or the list has it no more. */
  of(peer: UserId): ConversationId {
    const known = this.at(provisionalOf(peer));
    const entry = this.#books.sync.list.entry(known);
    return entry === null || entry.dismissed ? provisionalOf(peer) : known;
  }

  see({ peer, conversation }: Entry): void {
    if (peer !== null) this.learn(peer.user, conversation);
  }

  learn(peer: UserId, conversation: ConversationId): void {
    if (this.#known.get(peer) === conversation) return;
    this.#known.set(peer, conversation);
    const { outbox, drafts, sync, open } = this.#books;
    outbox.readdress(provisionalOf(peer), conversation);
    drafts.move(provisionalOf(peer), conversation);
    for (let views = this.#opened.get(peer) ?? 0; views > 0; views -= 1) open(conversation);
    if (sync.list.entry(conversation) === null) sync.askEntry(conversation);
  }

  /** The person with whom a conversation has to be created before a message to `conversation` is sent; `null` where nobody has to ask for that. */
  awaitsCreation(conversation: ConversationId): UserId | null {
    const at = this.at(conversation);
    return isProvisional(at) && !this.#books.outbox.creates(peerOf(at)) ? peerOf(at) : null;
  }

  /** A view came (1) or went (-1). Answers the conversation that it is a view of, `null` while there is none. */
  count(conversation: ConversationId, by: 1 | -1): ConversationId | null {
    const at = this.at(conversation);
    if (!isProvisional(conversation)) return at;
    const peer = peerOf(conversation);
    this.#opened.set(peer, (this.#opened.get(peer) ?? 0) + by);
    return isProvisional(at) ? null : at;
  }
}
