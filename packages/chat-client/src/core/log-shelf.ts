import type { ConversationId } from '@everywire/chat';
import { ConversationLog, type StoredLog } from './conversation-log.js';
import type { CoreLimits } from './core-limits.js';
import { PinBook } from './pin-book.js';
import { ReceiptBook } from './receipt-book.js';
import { RowViews } from './row-views.js';

/** A conversation's log with what goes along with it. Dropping the log makes a new volume: answers to the old one are of no use. */
export interface Volume {
  readonly log: ConversationLog;
  readonly receipts: ReceiptBook;
  readonly pins: PinBook;
  readonly views: RowViews;
  /** Names the volume in requests. */
  readonly scope: string;
  /** How often it is open in a view. */
  readonly opened: number;
  /** `read` as the entry had it when it was opened: where the unread begin, for as long as it stays open. */
  readonly readAtOpening: number | null;
}

/** Whether the place where the unread begin is being asked for. */
export function seeksUnread({ log, readAtOpening }: Volume): boolean {
  return readAtOpening !== null && log.find(readAtOpening + 1) === 'asked';
}

/** The logs this device holds: those that are open, and the last few that were. */
export class LogShelf {
  readonly #limits: CoreLimits;
  /** Insertion order is the order of opening. */
  readonly #volumes = new Map<ConversationId, Volume>();
  /** Threads on show, by conversation and root; nothing is kept of one that was closed. */
  readonly #threads = new Map<ConversationId, Map<number, Volume>>();
  #volumesMade = 0;
  #version = 0;

  constructor(limits: CoreLimits, stored: readonly StoredLog[] = []) {
    this.#limits = limits;
    for (const log of stored) this.#put(log.conversation, ConversationLog.restore(log, limits.pageRows), 0);
  }

  /** Rises when a volume comes, goes, or is opened. */
  get version(): number {
    return this.#version;
  }

  get(conversation: ConversationId): Volume | null {
    return this.#volumes.get(conversation) ?? null;
  }

  thread(conversation: ConversationId, root: number): Volume | null {
    return this.#threads.get(conversation)?.get(root) ?? null;
  }

  /** The conversation's own, and those of its threads. */
  volumes(conversation: ConversationId): readonly Volume[] {
    const own = this.#volumes.get(conversation);
    return [...(own === undefined ? [] : [own]), ...(this.#threads.get(conversation)?.values() ?? [])];
  }

  openThread(conversation: ConversationId, root: number): Volume {
    const threads = this.#threads.get(conversation) ?? new Map<number, Volume>();
    const known = threads.get(root) ?? this.#makeThread(conversation, root);
    const volume = { ...known, opened: known.opened + 1 };
    this.#threads.set(conversation, threads.set(root, volume));
    this.#version += 1;
    return volume;
  }

  closeThread(conversation: ConversationId, root: number): void {
    const threads = this.#threads.get(conversation);
    const volume = threads?.get(root);
    if (threads === undefined || volume === undefined) return;
    if (volume.opened > 1) threads.set(root, { ...volume, opened: volume.opened - 1 });
    else threads.delete(root);
    if (threads.size === 0) this.#threads.delete(conversation);
    this.#version += 1;
  }

  #makeThread(conversation: ConversationId, root: number): Volume {
    return this.#make(new ConversationLog(conversation, this.#limits.pageRows, root), 0);
  }

  conversations(): readonly ConversationId[] {
    return [...new Set([...this.#volumes.keys(), ...this.#threads.keys()])];
  }

  /** Those on show, or with a thread on show. */
  openConversations(): readonly ConversationId[] {
    return this.conversations().filter((conversation) => this.volumes(conversation).some(({ opened }) => opened > 0));
  }

  isOpen(conversation: ConversationId): boolean {
    return (this.#volumes.get(conversation)?.opened ?? 0) > 0;
  }

  open(conversation: ConversationId, read: number | null): Volume {
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

  /** The entry came after the opening, or a newer one while it is still being asked where the unread begin. */
  noteRead(conversation: ConversationId, read: number): void {
    const volume = this.#volumes.get(conversation);
    if (volume === undefined || volume.opened === 0) return;
    const { readAtOpening } = volume;
    if (readAtOpening !== null && (readAtOpening >= read || !seeksUnread(volume))) return;
    this.#volumes.set(conversation, { ...volume, readAtOpening: read });
    this.#version += 1;
  }

  close(conversation: ConversationId): void {
    const volume = this.#volumes.get(conversation);
    if (volume === undefined || volume.opened === 0) return;
    const opened = volume.opened - 1;
    this.#volumes.set(conversation, { ...volume, opened });
    if (opened === 0) volume.log.trim(this.#limits.closedRowsMax);
    this.#version += 1;
  }

  /** What goes on being told of a conversation does not make its log longer for ever. Trims now and then, since it goes through all rows. */
  fit({ log, opened }: Volume): void {
    const most = opened > 0 ? this.#limits.timelineRowsMax : this.#limits.closedRowsMax;
    if (log.rowCount > most + this.#limits.pageRows) log.trim(most);
  }

  /** Drops rows and holds (CH-11, CH-25). An open conversation gets a new, empty volume. */
  drop(conversation: ConversationId): Volume | null {
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

  #put(conversation: ConversationId, log: ConversationLog, opened: number): Volume {
    const volume = this.#make(log, opened);
    this.#volumes.set(conversation, volume);
    return volume;
  }

  #make(log: ConversationLog, opened: number): Volume {
    this.#volumesMade += 1;
    const books = { receipts: new ReceiptBook(), pins: new PinBook(), views: new RowViews() };
    return { log, ...books, scope: `volume ${this.#volumesMade}`, opened, readAtOpening: null };
  }

  #shed(): void {
    for (const [conversation, { opened }] of this.#volumes) {
      if (this.#volumes.size <= this.#limits.logsMax) return;
      if (opened === 0) this.#volumes.delete(conversation);
    }
  }
}
