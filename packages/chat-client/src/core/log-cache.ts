import type { ConversationId } from '@everywire/chat';
import { ConversationLog, type StoredLog } from './conversation-log.js';
import type { CoreLimits } from './core-limits.js';
import { PinnedMessages } from './pinned-messages.js';
import { Receipts } from './receipts.js';
import { RowViews } from './row-views.js';

/**
 * The log of a conversation or thread, with its receipts, pins and cached views. When a log is dropped, it is replaced
 * by a new cached log with another `scope`, so that late answers for the old log are ignored.
 */
export interface CachedLog {
  readonly log: ConversationLog;
  readonly receipts: Receipts;
  readonly pins: PinnedMessages;
  readonly views: RowViews;
  /** Identifies this cached log in requests, so that an answer is applied only to the log that requested it. */
  readonly scope: string;
  /** Number of open views that show this log; 0 if it is closed. */
  readonly opened: number;
  /**
   * The read position of the user when the log was opened; `null` if it was not known. The unread messages begin after
   * it, as long as the log stays open.
   */
  readonly readAtOpening: number | null;
}

/** Returns whether the page with the first unread message is being requested. */
export function seeksUnread({ log, readAtOpening }: CachedLog): boolean {
  return readAtOpening !== null && log.find(readAtOpening + 1) === 'asked';
}

/** Holds the logs of open conversations and of the last few that were open. */
export class LogCache {
  readonly #limits: CoreLimits;
  /** Conversations in the order of their last opening. */
  readonly #cachedLogs = new Map<ConversationId, CachedLog>();
  /** Open threads, by conversation and by the sequence of their root. Closed threads are not kept. */
  readonly #threads = new Map<ConversationId, Map<number, CachedLog>>();
  /** Number of cached logs created so far, from which their `scope` is made. */
  #cachedLogsMade = 0;
  #version = 0;

  constructor(limits: CoreLimits, stored: readonly StoredLog[] = []) {
    this.#limits = limits;
    for (const log of stored) this.#put(log.conversation, ConversationLog.restore(log, limits.pageRows), 0);
  }

  /** Returns a number that rises when a cached log is added, removed or opened. */
  get version(): number {
    return this.#version;
  }

  /** Returns the cached log of a conversation, `null` if none is held. */
  get(conversation: ConversationId): CachedLog | null {
    return this.#cachedLogs.get(conversation) ?? null;
  }

  /** Returns the cached log of an open thread, `null` if it is not open. */
  thread(conversation: ConversationId, root: number): CachedLog | null {
    return this.#threads.get(conversation)?.get(root) ?? null;
  }

  /** Returns the cached logs of a conversation and of its threads. */
  cachedLogs(conversation: ConversationId): readonly CachedLog[] {
    const own = this.#cachedLogs.get(conversation);
    return [...(own === undefined ? [] : [own]), ...(this.#threads.get(conversation)?.values() ?? [])];
  }

  /** Opens a thread for one more view. */
  openThread(conversation: ConversationId, root: number): CachedLog {
    const threads = this.#threads.get(conversation) ?? new Map<number, CachedLog>();
    const known = threads.get(root) ?? this.#makeThread(conversation, root);
    const cachedLog = { ...known, opened: known.opened + 1 };
    this.#threads.set(conversation, threads.set(root, cachedLog));
    this.#version += 1;
    return cachedLog;
  }

  /** Closes one view of a thread, and drops the thread when its last view is closed. */
  closeThread(conversation: ConversationId, root: number): void {
    const threads = this.#threads.get(conversation);
    const cachedLog = threads?.get(root);
    if (threads === undefined || cachedLog === undefined) return;
    if (cachedLog.opened > 1) threads.set(root, { ...cachedLog, opened: cachedLog.opened - 1 });
    else threads.delete(root);
    if (threads.size === 0) this.#threads.delete(conversation);
    this.#version += 1;
  }

  #makeThread(conversation: ConversationId, root: number): CachedLog {
    return this.#make(new ConversationLog(conversation, this.#limits.pageRows, root), 0);
  }

  /** Returns the conversations with a cached log or an open thread. */
  conversations(): readonly ConversationId[] {
    return [...new Set([...this.#cachedLogs.keys(), ...this.#threads.keys()])];
  }

  /** Returns the conversations that are open or have an open thread. */
  openConversations(): readonly ConversationId[] {
    return this.conversations().filter((conversation) =>
      this.cachedLogs(conversation).some(({ opened }) => opened > 0),
    );
  }

  isOpen(conversation: ConversationId): boolean {
    return (this.#cachedLogs.get(conversation)?.opened ?? 0) > 0;
  }

  /**
   * Opens a conversation for one more view. `read`: the read position in the conversation's entry, `null` if there is
   * no entry. Evicts closed logs above the limit.
   */
  open(conversation: ConversationId, read: number | null): CachedLog {
    const known = this.#cachedLogs.get(conversation);
    const cachedLog = known ?? this.#make(new ConversationLog(conversation, this.#limits.pageRows), 0);
    const opened = {
      ...cachedLog,
      opened: cachedLog.opened + 1,
      readAtOpening: cachedLog.opened > 0 ? cachedLog.readAtOpening : read,
    };
    this.#cachedLogs.delete(conversation);
    this.#cachedLogs.set(conversation, opened);
    this.#version += 1;
    this.#shed();
    return opened;
  }

  /**
   * Updates where the unread messages of an open log begin. This happens only if the entry arrived after the opening,
   * or if the user has read further while the first unread message is being requested.
   */
  noteRead(conversation: ConversationId, read: number): void {
    const cachedLog = this.#cachedLogs.get(conversation);
    if (cachedLog === undefined || cachedLog.opened === 0) return;
    const { readAtOpening } = cachedLog;
    if (readAtOpening !== null && (readAtOpening >= read || !seeksUnread(cachedLog))) return;
    this.#cachedLogs.set(conversation, { ...cachedLog, readAtOpening: read });
    this.#version += 1;
  }

  /** Closes one view of a conversation, and trims its log when the last view is closed. */
  close(conversation: ConversationId): void {
    const cachedLog = this.#cachedLogs.get(conversation);
    if (cachedLog === undefined || cachedLog.opened === 0) return;
    const opened = cachedLog.opened - 1;
    this.#cachedLogs.set(conversation, { ...cachedLog, opened });
    if (opened === 0) cachedLog.log.trim(this.#limits.closedRowsMax);
    this.#version += 1;
  }

  /**
   * Limits the number of rows of a log that receives new messages. Trims only when a whole page is above the limit,
   * because trimming visits all rows.
   */
  fit({ log, opened }: CachedLog): void {
    const most = opened > 0 ? this.#limits.timelineRowsMax : this.#limits.closedRowsMax;
    if (log.rowCount > most + this.#limits.pageRows) log.trim(most);
  }

  /**
   * Drops the rows and spans of a conversation and its threads (CH-11, CH-25). An open conversation gets a new, empty
   * cached log, which is returned. Returns `null` if the conversation is not open.
   */
  drop(conversation: ConversationId): CachedLog | null {
    for (const [root, { opened }] of this.#threads.get(conversation) ?? [])
      this.#threads.get(conversation)?.set(root, { ...this.#makeThread(conversation, root), opened });
    const cachedLog = this.#cachedLogs.get(conversation);
    if (cachedLog === undefined) return null;
    this.#version += 1;
    if (cachedLog.opened > 0)
      return this.#put(conversation, new ConversationLog(conversation, this.#limits.pageRows), cachedLog.opened);
    this.#cachedLogs.delete(conversation);
    return null;
  }

  #put(conversation: ConversationId, log: ConversationLog, opened: number): CachedLog {
    const cachedLog = this.#make(log, opened);
    this.#cachedLogs.set(conversation, cachedLog);
    return cachedLog;
  }

  #make(log: ConversationLog, opened: number): CachedLog {
    this.#cachedLogsMade += 1;
    const parts = { receipts: new Receipts(), pins: new PinnedMessages(), views: new RowViews() };
    return { log, ...parts, scope: `cachedLog ${this.#cachedLogsMade}`, opened, readAtOpening: null };
  }

  /** Evicts the closed logs that were opened longest ago, until the number of logs is within the limit. */
  #shed(): void {
    for (const [conversation, { opened }] of this.#cachedLogs) {
      if (this.#cachedLogs.size <= this.#limits.logsMax) return;
      if (opened === 0) this.#cachedLogs.delete(conversation);
    }
  }
}
