import type { ConversationId } from '@everywire/chat';
import type { ReadCursors } from './read-cursors.js';
import type { SyncCore } from './sync-core.js';

/** Moves the user's read positions (CH-19.5). The next `tick` of the core sends them. */
export class Reading {
  readonly #sync: SyncCore;
  readonly #cursors: ReadCursors;

  constructor(sync: SyncCore, cursors: ReadCursors) {
    this.#sync = sync;
    this.#cursors = cursors;
  }

  /** Marks messages up to sequence `top` as read, by default everything held. */
  markRead(conversation: ConversationId, top: number = this.#sync.logCache.get(conversation)?.log.top ?? 0): void {
    const entry = this.#sync.list.entry(conversation);
    if (entry?.member && (top > entry.read || entry.mark)) this.#cursors.wantRead(conversation, top);
  }

  /**
   * Marks messages up to sequence `seen` as read (`Infinity`: all), unless some between the read position and it are not held: what was
   * never loaded was never seen.
   */
  markSeen(conversation: ConversationId, seen: number): void {
    const entry = this.#sync.list.entry(conversation);
    const from = Math.max(entry?.read ?? 0, this.#cursors.readUpTo(conversation));
    const log = this.#sync.logCache.get(conversation)?.log;
    const span = log?.held.find(([low, high]) => low <= from + 1 && high >= from);
    const upTo = Math.min(seen, log?.top ?? 0);
    if (!entry?.member || span === undefined || upTo > span[1]) return;
    if (upTo > from || (entry.mark && upTo === from)) this.#cursors.wantRead(conversation, upTo);
  }

  /** Marks the held messages of the thread as read, up to sequence `seen`. */
  markThreadRead(conversation: ConversationId, root: number, seen: number = Number.POSITIVE_INFINITY): void {
    const unread = this.#sync.list.entry(conversation)?.threads.some((thread) => thread.root === root);
    const top = Math.min(seen, this.#sync.logCache.thread(conversation, root)?.log.top ?? 0);
    if (unread && top > this.#cursors.readThreadUpTo(conversation, root))
      this.#cursors.wantReadThread(conversation, root, top);
  }
}
