import type {
  ChatErrorCode,
  CommandId,
  ConversationId,
  FileRef,
  KeyedCommand,
  RestErrorCode,
  Send,
  UserId,
} from '@everywire/chat';
import type { CoreLimits } from './core-limits.js';
import { isProvisional } from './provisional.js';
import { type Attachment, isWaiting, uploadedOf, type WaitingFile } from './waiting-file.js';

/** Why the outbox refused a command. */
export type OutboxRefusal = 'outbox_full' | 'waiting_files_full';

/**
 * Why a command failed for good: the server refused it or a file of it, or the outbox did. `file_lost`: the device has lost the
 * bytes of a waiting file.
 */
export type OutboxCode = RestErrorCode | 'expired' | 'file_lost' | OutboxRefusal;

/** A command in the outbox, as stored between runs; JSON. */
export interface OutboxItem {
  readonly command: KeyedCommand;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Order of entry; ascending. */
  readonly position: number;
  /** Attachments of a `send`, shown until the message has arrived. The command is sent once all of them are uploaded. */
  readonly files?: readonly Attachment[];
  /** Its files were uploaded from this tab; another tab may have sent it with its own uploads. */
  readonly uploadedHere?: true;
  /** Set once it failed for good: it needs `retry` or `discard`. */
  readonly failed: OutboxCode | null;
  /** Why the last attempt failed; it is retried. Not stored. */
  readonly held?: ChatErrorCode;
}

/** A change to write to the device so that the outbox survives a reload; must be written in order. */
export type OutboxWrite =
  | { readonly write: 'keep'; readonly item: OutboxItem }
  | { readonly write: 'forget'; readonly id: CommandId };

const DAY_MS = 86_400_000;

/**
 * Holds commands that must happen exactly once, across lost connections (CH-1). First in, first out per conversation, with one
 * in flight each, so that nothing overtakes a refused or repeated command. The caller mints each id once, before `enqueue`:
 * every attempt carries the same.
 */
export class Outbox {
  readonly #limits: CoreLimits;
  readonly #items = new Map<CommandId, OutboxItem>();
  readonly #asked = new Set<CommandId>();
  readonly #writes: OutboxWrite[] = [];
  #position = 0;
  #version = 0;

  constructor(limits: CoreLimits, stored: readonly OutboxItem[] = []) {
    this.#limits = limits;
    for (const item of [...stored].sort((a, b) => a.position - b.position)) {
      this.#items.set(item.command.id, item);
      this.#position = item.position + 1;
    }
  }

  /** Returns a number that rises with every change, for memoising. */
  get version(): number {
    return this.#version;
  }

  /** Returns the items in order of entry, including failed ones. */
  items(): readonly OutboxItem[] {
    return [...this.#items.values()];
  }

  /** Returns the items; those queued behind a refused one get its reason. */
  withReasons(): readonly OutboxItem[] {
    const reasons = new Map<string, ChatErrorCode>();
    return this.items().map((item) => {
      const queue = queueOf(item.command);
      const held = item.held ?? reasons.get(queue);
      if (item.failed !== null || held === undefined) return item;
      reasons.set(queue, held);
      return { ...item, held };
    });
  }

  /** Returns the number of unsent messages. */
  get sends(): number {
    return this.items().filter(({ command }) => command.command === 'send').length;
  }

  /** Returns whether a command is in flight. */
  isAsked(id: CommandId): boolean {
    return this.#asked.has(id);
  }

  /** Adds a command, or refuses it if a limit is reached. */
  enqueue(command: KeyedCommand, now: number, files?: readonly Attachment[]): 'queued' | OutboxRefusal {
    if (this.#items.size >= this.#limits.outboxCommandsMax) return 'outbox_full';
    const bytes = waitingBytes(files);
    if (bytes > 0 && this.#waitingBytes() + bytes > this.#limits.waitingFileBytesMax) return 'waiting_files_full';
    this.#keep({ command, createdAt: now, position: this.#position, failed: null, ...(files && { files }) });
    this.#position += 1;
    return 'queued';
  }

  /**
   * Takes the commands to send now: the first waiting one of each conversation, unless it is in flight. Marks them as in
   * flight. A message whose files wait delays later messages of its conversation, but no other commands: a large file must not
   * delay a recall. Messages of a provisional conversation wait until it is created.
   */
  takeNext(): readonly KeyedCommand[] {
    const next: KeyedCommand[] = [];
    const seen = new Set<string>();
    const uploading = new Set<string>();
    for (const { command, failed, files } of this.#items.values()) {
      const queue = queueOf(command);
      if (failed !== null || seen.has(queue)) continue;
      if (files?.some(isWaiting)) uploading.add(queue);
      if (command.command === 'send' && (uploading.has(queue) || isProvisional(command.conversation))) continue;
      seen.add(queue);
      if (this.#asked.has(command.id)) continue;
      this.#asked.add(command.id);
      next.push(command);
    }
    if (next.length > 0) this.#version += 1;
    return next;
  }

  /** Returns the first waiting file, the next to upload; `null` if there is none. */
  nextUpload(): { readonly id: CommandId; readonly file: WaitingFile } | null {
    for (const { command, failed, files } of this.#items.values()) {
      const file = failed === null ? files?.find(isWaiting) : undefined;
      if (file !== undefined) return { id: command.id, file };
    }
    return null;
  }

  /** Records an uploaded file; after the last one, the command names them all. */
  uploaded(id: CommandId, number: number, ref: FileRef): void {
    const item = this.#items.get(id);
    if (item?.command.command !== 'send') return;
    const files = item.files?.map((file) => (isWaiting(file) && file.number === number ? ref : file)) ?? [];
    const named = { ...item.command, files: uploadedOf(files).map((file) => file.id) };
    const command = files.some(isWaiting) ? item.command : named;
    this.#keep({ ...item, command, files, uploadedHere: true });
  }

  /** Replaces an item by the version that another tab stored; a no-op if it is not here. */
  adopt(item: OutboxItem): void {
    if (this.#items.has(item.command.id)) this.#keep(item);
  }

  /** Returns whether files of a command were uploaded from this tab. */
  uploadedHere(id: CommandId): boolean {
    return this.#items.get(id)?.uploadedHere === true;
  }

  /** Removes an acknowledged command; returns `null` if it is no longer here. */
  succeed(id: CommandId): OutboxItem | null {
    const item = this.#items.get(id);
    if (item === undefined) return null;
    this.#forget(id);
    return item;
  }

  /** Marks a command as failed for good. */
  fail(id: CommandId, code: OutboxCode): OutboxItem | null {
    const item = this.#items.get(id);
    if (item === undefined) return null;
    this.#asked.delete(id);
    const failed = { ...item, failed: code };
    this.#keep(failed);
    return failed;
  }

  /** Records why an attempt failed; the next `takeNext` retries it. */
  release(id: CommandId, held: ChatErrorCode): void {
    const item = this.#items.get(id);
    if (item !== undefined) this.#items.set(id, { ...item, held });
    if (this.#asked.delete(id)) this.#version += 1;
  }

  /** Makes everything in flight due again, with the same ids, after the connection is lost. */
  releaseAll(): void {
    if (this.#asked.size > 0) this.#version += 1;
    this.#asked.clear();
  }

  /** Moves the messages of one conversation to another. */
  readdress(from: ConversationId, to: ConversationId): void {
    for (const item of this.sendsTo(from)) this.#keep({ ...item, command: { ...item.command, conversation: to } });
  }

  /** Returns the waiting and failed messages to a conversation. */
  sendsTo(conversation: ConversationId): readonly (OutboxItem & { readonly command: Send })[] {
    return this.items().flatMap((item) => {
      const { command } = item;
      return command.command === 'send' && command.conversation === conversation ? [{ ...item, command }] : [];
    });
  }

  /** Returns whether a waiting command creates the direct conversation with this user. */
  creates(peer: UserId): boolean {
    return this.items().some(
      ({ command, failed }) => command.command === 'createDirect' && command.peer === peer && failed === null,
    );
  }

  /** Queues a failed command again, behind the waiting ones and with a new expiry. */
  retry(id: CommandId, now: number): void {
    const item = this.#items.get(id);
    if (item === undefined || item.failed === null) return;
    this.#items.delete(id);
    this.#keep({ ...item, failed: null, createdAt: now, position: this.#position });
    this.#position += 1;
  }

  /** Removes a command unless it is in flight; returns `null` if it was not removed. */
  discard(id: CommandId): OutboxItem | null {
    const item = this.#items.get(id);
    if (item === undefined || this.#asked.has(id)) return null;
    this.#forget(id);
    return item;
  }

  /** Fails commands that are too old: the server will soon forget their keys, and a retry could execute them twice (CH-18). */
  expire(now: number): readonly OutboxItem[] {
    const expired = [...this.#items.values()].filter(
      (item) =>
        item.failed === null &&
        !this.#asked.has(item.command.id) &&
        now - item.createdAt > this.#limits.outboxDays * DAY_MS,
    );
    return expired.flatMap((item) => this.fail(item.command.id, 'expired') ?? []);
  }

  /** Takes the changes to write to the device since the last call. */
  takeWrites(): readonly OutboxWrite[] {
    return this.#writes.splice(0);
  }

  #waitingBytes(): number {
    return [...this.#items.values()].reduce((sum, { files }) => sum + waitingBytes(files), 0);
  }

  #keep(item: OutboxItem): void {
    this.#items.set(item.command.id, item);
    this.#writes.push({ write: 'keep', item });
    this.#version += 1;
  }

  #forget(id: CommandId): void {
    this.#items.delete(id);
    this.#asked.delete(id);
    this.#writes.push({ write: 'forget', id });
    this.#version += 1;
  }
}

function waitingBytes(files: readonly Attachment[] = []): number {
  return files.filter(isWaiting).reduce((sum, { size }) => sum + size, 0);
}

function queueOf(command: KeyedCommand): string {
  return 'conversation' in command
    ? `conversation ${command.conversation satisfies ConversationId}`
    : `command ${command.id}`;
}
