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
 * Why a command failed for good: the server refused the command or one of its files, or the outbox refused the command.
 * `file_lost`: the device has lost the bytes of a waiting file.
 */
export type OutboxCode = RestErrorCode | 'expired' | 'file_lost' | OutboxRefusal;

/** A command in the outbox, as stored between runs; JSON. */
export interface OutboxItem {
  readonly command: KeyedCommand;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Number that orders the commands by the time they entered the outbox. Rises. */
  readonly position: number;
  /** Attachments of a `send`, shown until the message has arrived. The command is sent once all of them are uploaded. */
  readonly files?: readonly Attachment[];
  /**
   * Set if the files of this message were uploaded from this tab. Another tab may have sent the same message with its
   * own uploads.
   */
  readonly uploadedHere?: true;
  /** Why the command failed for good; `null` if it did not. A failed command waits for `retry` or `discard`. */
  readonly failed: OutboxCode | null;
  /** Why the last attempt failed, if the command will be retried. Not stored on the device. */
  readonly held?: ChatErrorCode;
}

/** A change to write to the device so that the outbox survives a reload. Changes must be written in order. */
export type OutboxWrite =
  | { readonly write: 'keep'; readonly item: OutboxItem }
  | { readonly write: 'forget'; readonly id: CommandId };

const DAY_MS = 86_400_000;

/**
 * Holds commands that must take effect exactly once, even if the connection is lost (CH-1). The commands of one
 * conversation form a queue. They are sent in order and one at a time, so that no command overtakes one that was
 * refused or is repeated. The caller creates each command id once, before `enqueue`, and every attempt carries the same
 * id, so that the server detects repetitions.
 */
export class Outbox {
  readonly #limits: CoreLimits;
  readonly #items = new Map<CommandId, OutboxItem>();
  /** Ids of the commands in flight: sent and not answered. */
  readonly #inFlight = new Set<CommandId>();
  /** Changes that the caller must still write to the device. */
  readonly #writes: OutboxWrite[] = [];
  /** The position of the next command. */
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

  /**
   * Returns the items with their reasons for waiting. An item behind one that was refused for now gets the reason of
   * the refused one.
   */
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
    return this.#inFlight.has(id);
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
   * Takes the commands to send now: the first waiting one of each conversation, unless it is in flight. Marks them as
   * in flight. A message whose files are not uploaded delays later messages of its conversation, but no other commands,
   * because a large file must not delay the recall of another message. Messages of a provisional conversation (one that
   * exists only on this device) wait until the server has created it.
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
      if (this.#inFlight.has(command.id)) continue;
      this.#inFlight.add(command.id);
      next.push(command);
    }
    if (next.length > 0) this.#version += 1;
    return next;
  }

  /** Returns the next file to upload, which is the first waiting file; `null` if there is none. */
  nextUpload(): { readonly id: CommandId; readonly file: WaitingFile } | null {
    for (const { command, failed, files } of this.#items.values()) {
      const file = failed === null ? files?.find(isWaiting) : undefined;
      if (file !== undefined) return { id: command.id, file };
    }
    return null;
  }

  /**
   * Records that a file was uploaded as `ref`. After the last file of a message, its command lists the ids of all its
   * files.
   */
  uploaded(id: CommandId, number: number, ref: FileRef): void {
    const item = this.#items.get(id);
    if (item?.command.command !== 'send') return;
    const files = item.files?.map((file) => (isWaiting(file) && file.number === number ? ref : file)) ?? [];
    const named = { ...item.command, files: uploadedOf(files).map((file) => file.id) };
    const command = files.some(isWaiting) ? item.command : named;
    this.#keep({ ...item, command, files, uploadedHere: true });
  }

  /**
   * Replaces an item by the version that another tab has stored; a no-op if the outbox does not contain this command.
   */
  adopt(item: OutboxItem): void {
    if (this.#items.has(item.command.id)) this.#keep(item);
  }

  /** Returns whether files of a command were uploaded from this tab. */
  uploadedHere(id: CommandId): boolean {
    return this.#items.get(id)?.uploadedHere === true;
  }

  /** Removes an acknowledged command. Returns `null` if the outbox no longer contains the command. */
  succeed(id: CommandId): OutboxItem | null {
    const item = this.#items.get(id);
    if (item === undefined) return null;
    this.#forget(id);
    return item;
  }

  /** Marks a command as failed for good. Returns `null` if the outbox no longer contains the command. */
  fail(id: CommandId, code: OutboxCode): OutboxItem | null {
    const item = this.#items.get(id);
    if (item === undefined) return null;
    this.#inFlight.delete(id);
    const failed = { ...item, failed: code };
    this.#keep(failed);
    return failed;
  }

  /** Records why an attempt failed. The next `takeNext` returns the command again. */
  release(id: CommandId, held: ChatErrorCode): void {
    const item = this.#items.get(id);
    if (item !== undefined) this.#items.set(id, { ...item, held });
    if (this.#inFlight.delete(id)) this.#version += 1;
  }

  /** Makes all commands in flight due again after the connection is lost. They keep their ids. */
  releaseAll(): void {
    if (this.#inFlight.size > 0) this.#version += 1;
    this.#inFlight.clear();
  }

  /** Moves the messages of one conversation to another. */
  readdress(from: ConversationId, to: ConversationId): void {
    for (const item of this.sendsTo(from)) this.#keep({ ...item, command: { ...item.command, conversation: to } });
  }

  /** Returns the messages to a conversation that wait or have failed. */
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

  /**
   * Queues a failed command again, behind the waiting ones and with a new expiry; a no-op if the command has not
   * failed.
   */
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
    if (item === undefined || this.#inFlight.has(id)) return null;
    this.#forget(id);
    return item;
  }

  /**
   * Marks commands as failed that are too old and not in flight. The server will soon forget their ids, and a retry
   * could then execute them twice (CH-18). Returns these commands.
   */
  expire(now: number): readonly OutboxItem[] {
    const expired = [...this.#items.values()].filter(
      (item) =>
        item.failed === null &&
        !this.#inFlight.has(item.command.id) &&
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
    this.#inFlight.delete(id);
    this.#writes.push({ write: 'forget', id });
    this.#version += 1;
  }
}

function waitingBytes(files: readonly Attachment[] = []): number {
  return files.filter(isWaiting).reduce((sum, { size }) => sum + size, 0);
}

/** Returns the name of the queue that orders a command: the queue of its conversation, or a queue of its own. */
function queueOf(command: KeyedCommand): string {
  return 'conversation' in command
    ? `conversation ${command.conversation satisfies ConversationId}`
    : `command ${command.id}`;
}
