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
  /** Unread messages, without those read on this device, whether the server knows or not. */
  readonly unread: number;
  readonly draft: string;
  /** A message of this device that is not sent yet; shown instead of the preview. */
  readonly pending: OutboxItem | null;
  readonly typing: readonly UserId[];
}

interface Books {
  readonly sync: SyncCore;
  readonly outbox: Outbox;
  readonly cursors: ReadCursors;
  readonly drafts: Drafts;
  readonly directs: DirectConversations;
  readonly typing: TypingTable;
}

/** Derives the visible list, and only when something in it changed. */
export class EntryViews {
  readonly #parts: Books;
  readonly #entries = new Memo<readonly CoreEntry[]>();

  constructor(parts: Books) {
    this.#parts = parts;
  }

  /** Returns the entries in list order, without dismissed ones. */
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

  /** Returns the view of a conversation that the server does not have. The list contains it while a message waits in it. */
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

  /** Counts what was read here immediately: unread is at most the number of later messages. */
  #unread(entry: Entry): number {
    const read = this.#parts.cursors.readUpTo(entry.conversation);
    return read > entry.read ? Math.min(entry.unread, Math.max(0, entry.sequence - read)) : entry.unread;
  }
}
