import type { ConversationId, Entry, UserId } from '@everywire/chat';
import type { DirectConversations } from './direct-conversations.js';
import type { Drafts } from './drafts.js';
import { Memo } from './memo.js';
import type { Outbox, OutboxItem } from './outbox.js';
import { isProvisional, provisionalEntry } from './provisional.js';
import type { ReadCursors } from './read-cursors.js';
import type { SyncCore } from './sync-core.js';
import { lastEchoes } from './timeline-view.js';
import type { TypingTable } from './typing-table.js';

/** A conversation as the list shows it. */
export interface CoreEntry {
  readonly entry: Entry;
  /** Number of unread messages. Messages read on this device do not count, even before the server knows. */
  readonly unread: number;
  readonly draft: string;
  /** The last message of this device that is not sent yet; shown instead of the preview. `null` if there is none. */
  readonly pending: OutboxItem | null;
  readonly typing: readonly UserId[];
}

interface CoreParts {
  readonly sync: SyncCore;
  readonly outbox: Outbox;
  readonly cursors: ReadCursors;
  readonly drafts: Drafts;
  readonly directs: DirectConversations;
  readonly typing: TypingTable;
}

/**
 * Creates and caches the views of the conversation list. They are created again only when something in them has
 * changed.
 */
export class EntryViews {
  readonly #parts: CoreParts;
  readonly #entries = new Memo<readonly CoreEntry[]>();

  constructor(parts: CoreParts) {
    this.#parts = parts;
  }

  /**
   * Returns the entries in list order, provisional ones (see `provisional`) first. Omits conversations that the user
   * has removed from the list (dismissed), unless a message waits in them.
   */
  get(typingVersion: number): readonly CoreEntry[] {
    const { sync, outbox, cursors, drafts } = this.#parts;
    return this.#entries.get(
      [sync.list.version, outbox.version, cursors.version, drafts.version, typingVersion],
      () => {
        const pending = lastEchoes(outbox.items());
        const begun = [...pending.keys()].filter(isProvisional).map((conversation) => this.provisional(conversation));
        const shown = sync.list
          .entries()
          .filter(({ dismissed, conversation }) => !dismissed || pending.has(conversation));
        return [...begun, ...shown.map((entry) => this.#view(entry, pending.get(entry.conversation) ?? null))];
      },
    );
  }

  /**
   * Returns the view of a provisional conversation, which exists only on this device. The list contains it while a
   * message waits in it.
   */
  provisional(conversation: ConversationId): CoreEntry {
    const { outbox, drafts, directs } = this.#parts;
    const pending = lastEchoes(outbox.items()).get(conversation) ?? null;
    const entry = provisionalEntry(conversation, pending?.createdAt ?? 0);
    const draft = drafts.text(directs.at(conversation), entry.draft);
    return { entry, unread: 0, draft, pending, typing: [] };
  }

  #view(entry: Entry, pending: OutboxItem | null): CoreEntry {
    const { drafts, typing } = this.#parts;
    return {
      entry,
      unread: this.#unread(entry),
      draft: drafts.text(entry.conversation, entry.draft),
      pending,
      typing: typing.users(entry.conversation),
    };
  }

  /**
   * Returns the number of unread messages. Messages read on this device are subtracted before the server knows about
   * them. The unread ones are then at most the messages after the read position.
   */
  #unread(entry: Entry): number {
    const read = this.#parts.cursors.readUpTo(entry.conversation);
    return read > entry.read ? Math.min(entry.unread, Math.max(0, entry.sequence - read)) : entry.unread;
  }
}
