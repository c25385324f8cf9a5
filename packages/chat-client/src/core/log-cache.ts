import type { ConversationId } from '@everywire/chat';
import { ConversationLog, type StoredLog } from './conversation-log.js';
import type { CoreLimits } from './core-limits.js';
import { PinnedMessages } from './pinned-messages.js';
import { Receipts } from './receipts.js';
import { RowViews } from './row-views.js';

/**
 * A conversation's log with its receipts, pins and views. Dropping the log creates a new volume, so that answers for the old
 * one are ignored.
 */
export interface CachedLog {
  readonly log: ConversationLog;
  readonly receipts: Receipts;
  readonly pins: PinnedMessages;
  readonly views: RowViews;
  /** Identifies the volume in requests. */
  readonly scope: string;
  /** Number of views in which it is open. */
  readonly opened: number;
  /** The entry's `read` at opening: where the unread messages begin, as long as it stays open. */
  readonly readAtOpening: number | null;
}

/** Returns whether the first unread message is being requested. */
export function seeksUnread({ log, readAtOpening }: CachedLog): boolean {
  return readAtOpening !== null && log.find(readAtOpening + 1) === 'asked';
}

/** Holds the logs of open conversations and of the last few that were open. */
export class LogCache {
  readonly #limits: CoreLimits;
  /** Insertion order is the order of opening. */
  readonly #volumes = new Map<ConversationId, CachedLog>();
  /** Open threads, by conversation and root; closed ones are not kept. */
  readonly #threads = new Map<ConversationId, Map<number, CachedLog>>();
  #volumesMade = 0;
  #version = 0;

  constructor(limits: CoreLimits, stored: readonly StoredLog[] = []) {
    this.#limits = limits;
    for (const log of stored) this.#put(log.conversation, ConversationLog.restore(log, limits.pageRows), 0);
  }

  /** Returns a number that rises when a volume is added, removed or opened. */
  get version(): number {
    return this.#version;
  }

  /** Returns the volume of a conversation, `null` if none is held. */
  get(conversation: ConversationId): CachedLog | null {
    return this.#volumes.get(conversation) ?? null;
  }

  /** Returns the volume of an open thread, `null` if it is not open. */
  thread(conversation: ConversationId, root: number): CachedLog | null {
    return this.#threads.get(conversation)?.get(root) ?? null;
  }

  /** Returns the volumes of a conversation and of its threads. */
  volumes(conversation: ConversationId): readonly CachedLog[] {
    const own = this.#volumes.get(conversation);
    return [...(own === undefined ? [] : [own]), ...(this.#threads.get(conversation)?.values() ?? [])];
  }

  /** Opens a thread for one more view. */
  openThread(conversation: ConversationId, root: number): CachedLog {
    const threads = this.#threads.get(conversation) ?? new Map<number, CachedLog>();
    const known = threads.get(root) ?? this.#makeThread(conversation, root);
    const volume = { ...known, opened: known.opened + 1 };
    this.#threads.set(conversation, threads.set(root, volume));
    this.#version += 1;
    return volume;
  }

  /** Closes one view of a thread, and drops it after the last. */
  closeThread(conversation: ConversationId, root: number): void {
    const threads = this.#threads.get(conversation);
    const volume = threads?.get(root);
    if (threads === undefined || volume === undefined) return;
    if (volume.opened > 1) threads.set(root, { ...volume, opened: volume.opened - 1 });
    else threads.delete(root);
    if (threads.size === 0) this.#threads.delete(conversation);
    this.#version += 1;
  }

  #makeThread(conversation: ConversationId, root: number): CachedLog {
    return this.#make(new ConversationLog(conversation, this.#limits.pageRows, root), 0);
  }

  conversations(): readonly ConversationId[] {
    return [...new Set([...this.#volumes.keys(), ...this.#threads.keys()])];
  }

  /** Returns the conversations that are open or have an open thread. */
  openConversations(): readonly ConversationId[] {
    return this.conversations().filter((conversation) => this.volumes(conversation).some(({ opened }) => opened > 0));
  }

  isOpen(conversation: ConversationId): boolean {
    return (this.#volumes.get(conversation)?.opened ?? 0) > 0;
  }

  /** Opens a conversation for one more view. `read` is that of its entry. Evicts closed logs above the limit. */
  open(conversation: ConversationId, read: number | null): CachedLog {
    const known = this.#volumes.get(conversation);
    const volume = known ?? this.#make(new ConversationLog(conversation, this.#limits.pageRows), 0);
    const opened = {
      ...volume,
      opened: volume.opened + 1,
      readAtOpening: volume.opened > 0 ? volume.readAtOpening : read,
    };
    this.#volumes.delete(conversation);
    this.#volumes.set(conversation, opened);
    this.#version += 1;
    this.#shed();
    return opened;
  }

  /**
   * Updates where the unread messages begin: if the entry arrived after the opening, or a newer one while the place is being
   * requested.
   */
  noteRead(conversation: ConversationId, read: number): void {
    const volume = this.#volumes.get(conversation);
    if (volume === undefined || volume.opened === 0) return;
    const { readAtOpening } = volume;
    if (readAtOpening !== null && (readAtOpening >= read || !seeksUnread(volume))) return;
    this.#volumes.set(conversation, { ...volume, readAtOpening: read });
    this.#version += 1;
  }

  /** Closes one view of a conversation; trims the log after the last. */
  close(conversation: ConversationId): void {
    const volume = this.#volumes.get(conversation);
    if (volume === undefined || volume.opened === 0) return;
    const opened = volume.opened - 1;
    this.#volumes.set(conversation, { ...volume, opened });
    if (opened === 0) volume.log.trim(this.#limits.closedRowsMax);
    this.#version += 1;
  }

  /** Bounds the length of a log that receives new messages. Trims a page at a time, because trimming visits all rows. */
  fit({ log, opened }: CachedLog): void {
    const most = opened > 0 ? this.#limits.timelineRowsMax : this.#limits.closedRowsMax;
    if (log.rowCount > most + this.#limits.pageRows) log.trim(most);
  }

  /** Drops rows and spans (CH-11, CH-25). An open conversation gets a new, empty volume. */
  drop(conversation: ConversationId): CachedLog | null {
    for (const [root, { opened }] of this.#threads.get(conversation) ?? [])
      this.#threads.get(conversation)?.set(root, { ...this.#makeThread(conversation, root), opened });
    const volume = this.#volumes.get(conversation);
    if (volume === undefined) return null;
    this.#version += 1;
    if (volume.opened > 0)
      return this.#put(conversation, new ConversationLog(conversation, this.#limits.pageRows), volume.opened);
    this.#volumes.delete(conversation);
    return null;
  }

  #put(conversation: ConversationId, log: ConversationLog, opened: number): CachedLog {
    const volume = this.#make(log, opened);
    this.#volumes.set(conversation, volume);
    return volume;
  }

  #make(log: ConversationLog, opened: number): CachedLog {
    this.#volumesMade += 1;
    const books = { receipts: new Receipts(), pins: new PinnedMessages(), views: new RowViews() };
    return { log, ...books, scope: `volume ${this.#volumesMade}`, opened, readAtOpening: null };
  }

  #shed(): void {
    for (const [conversation, { opened }] of this.#volumes) {
      if (this.#volumes.size <= this.#limits.logsMax) return;
      if (opened === 0) this.#volumes.delete(conversation);
    }
  }
}
