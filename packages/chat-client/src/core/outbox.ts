import type {
  CommandId,
  ConversationId,
  ErrorCode,
  FileRef,
  KeyedCommand,
  RestErrorCode,
  Send,
  UserId,
} from '@everywire/chat';
import type { CoreLimits } from './core-limits.js';
import { isProvisional } from './provisional.js';
import { type Attachment, isWaiting, uploadedOf, type WaitingFile } from './waiting-file.js';

/** Why a command was not taken. */
export type OutboxRefusal = 'outbox_full' | 'waiting_files_full';

/** Why a command will not happen: the server's refusal, of it or of a file of it, or the outbox's own. `file_lost`: the device has the bytes of a waiting file no more. */
export type OutboxCode = RestErrorCode | 'expired' | 'file_lost' | OutboxRefusal;

/** One command on its way, as it is kept between two runs of the application; JSON. */
export interface OutboxItem {
  readonly command: KeyedCommand;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Order of entry; rises. */
  readonly position: number;
  /** What goes along with a `send`, to be shown until the message has come. It is asked once nothing of this waits any more. */
  readonly files?: readonly Attachment[];
  /** Its files went up from here: another tab may have sent it with files of its own. */
  readonly uploadedHere?: true;
  /** Set once it failed for good: it waits for `retry` or `discard`. */
  readonly failed: OutboxCode | null;
  /** Why the last attempt came to nothing; it is tried again. Of this run alone. */
  readonly held?: ErrorCode;
}

/** What must be written to the device so that the outbox survives a reload; in this order. */
export type OutboxWrite =
  | { readonly write: 'keep'; readonly item: OutboxItem }
  | { readonly write: 'forget'; readonly id: CommandId };

const dayMs = 86_400_000;

/**
 * Commands that must happen once, whatever happens to the connection (CH-1). First in, first out per conversation, one under way at a time
 * there, so that not even a refused or repeated one lets another pass. Ids are minted by the caller, once, before `enqueue`:
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

  /** Rises with every change, for memoising what is derived. */
  get version(): number {
    return this.#version;
  }

  /** In order of entry, the failed ones among them. */
  items(): readonly OutboxItem[] {
    return [...this.#items.values()];
  }

  /** As `items`; and what waits behind one that the server did not take yet waits for its reason. */
  withReasons(): readonly OutboxItem[] {
    const reasons = new Map<string, ErrorCode>();
    return this.items().map((item) => {
      const queue = queueOf(item.command);
      const held = item.held ?? reasons.get(queue);
      if (item.failed !== null || held === undefined) return item;
      reasons.set(queue, held);
      return { ...item, held };
    });
  }

  /** How many messages are not sent. */
  get sends(): number {
    return this.items().filter(({ command }) => command.command === 'send').length;
  }

  /** Whether a waiting command is being asked right now. */
  isAsked(id: CommandId): boolean {
    return this.#asked.has(id);
  }

  enqueue(command: KeyedCommand, now: number, files?: readonly Attachment[]): 'queued' | OutboxRefusal {
    if (this.#items.size >= this.#limits.outboxCommandsMax) return 'outbox_full';
    const bytes = waitingBytes(files);
    if (bytes > 0 && this.#waitingBytes() + bytes > this.#limits.waitingFileBytesMax) return 'waiting_files_full';
    this.#keep({ command, createdAt: now, position: this.#position, failed: null, ...(files && { files }) });
    this.#position += 1;
    return 'queued';
  }

  /**
   * The commands to ask now: the first waiting one of each conversation, unless it is under way. They count as under way from here. A message whose
   * files still wait holds back the messages after it, and nothing else: a large file must not delay a recall. Messages of a provisional
   * conversation wait until it is created.
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

  /** The file to send up now: the first one that waits. `null` where none does. */
  nextUpload(): { readonly id: CommandId; readonly file: WaitingFile } | null {
    for (const { command, failed, files } of this.#items.values()) {
      const file = failed === null ? files?.find(isWaiting) : undefined;
      if (file !== undefined) return { id: command.id, file };
    }
    return null;
  }

  /** The file with this number has gone up; with the last one, the command names them all. */
  uploaded(id: CommandId, number: number, ref: FileRef): void {
    const item = this.#items.get(id);
    if (item?.command.command !== 'send') return;
    const files = item.files?.map((file) => (isWaiting(file) && file.number === number ? ref : file)) ?? [];
    const named = { ...item.command, files: uploadedOf(files).map((file) => file.id) };
    const command = files.some(isWaiting) ? item.command : named;
    this.#keep({ ...item, command, files, uploadedHere: true });
  }

  /** What another tab has made of an item that is here too. */
  adopt(item: OutboxItem): void {
    if (this.#items.has(item.command.id)) this.#keep(item);
  }

  uploadedHere(id: CommandId): boolean {
    return this.#items.get(id)?.uploadedHere === true;
  }

  /** The server acknowledged it. `null` if it is not here any more. */
  succeed(id: CommandId): OutboxItem | null {
    const item = this.#items.get(id);
    if (item === undefined) return null;
    this.#forget(id);
    return item;
  }

  /** The server refused it for good. */
  fail(id: CommandId, code: OutboxCode): OutboxItem | null {
    const item = this.#items.get(id);
    if (item === undefined) return null;
    this.#asked.delete(id);
    const failed = { ...item, failed: code };
    this.#keep(failed);
    return failed;
  }

  /** The attempt came to nothing, for this reason; the next `takeNext` asks again. */
  release(id: CommandId, held: ErrorCode): void {
    const item = this.#items.get(id);
    if (item !== undefined) this.#items.set(id, { ...item, held });
    if (this.#asked.delete(id)) this.#version += 1;
  }

  /** The connection is gone: whatever was under way is asked again, with the same ids. */
  releaseAll(): void {
    if (this.#asked.size > 0) this.#version += 1;
    this.#asked.clear();
  }

  /** The messages of a provisional conversation are of this one from now on. */
  readdress(from: ConversationId, to: ConversationId): void {
    for (const item of this.sendsTo(from)) this.#keep({ ...item, command: { ...item.command, conversation: to } });
  }

  sendsTo(conversation: ConversationId): readonly (OutboxItem & { readonly command: Send })[] {
    return this.items().flatMap((item) => {
      const { command } = item;
      return command.command === 'send' && command.conversation === conversation ? [{ ...item, command }] : [];
    });
  }

  /** Whether something that waits creates the direct conversation with this person. */
  creates(peer: UserId): boolean {
    return this.items().some(
      ({ command, failed }) => command.command === 'createDirect' && command.peer === peer && failed === null,
    );
  }

  /** Gives a failed command another chance, behind what waits already, with a new life. */
  retry(id: CommandId, now: number): void {
    const item = this.#items.get(id);
    if (item === undefined || item.failed === null) return;
    this.#items.delete(id);
    this.#keep({ ...item, failed: null, createdAt: now, position: this.#position });
    this.#position += 1;
  }

  /** Takes a command out that is not under way: a failed one, or one that was never asked in this session. */
  discard(id: CommandId): OutboxItem | null {
    const item = this.#items.get(id);
    if (item === undefined || this.#asked.has(id)) return null;
    this.#forget(id);
    return item;
  }

  /** Fails what has waited too long: the server will soon forget its key, and a repetition could happen twice (CH-18). */
  expire(now: number): readonly OutboxItem[] {
    const expired = [...this.#items.values()].filter(
      (item) =>
        item.failed === null &&
        !this.#asked.has(item.command.id) &&
        now - item.createdAt > this.#limits.outboxDays * dayMs,
    );
    return expired.flatMap((item) => this.fail(item.command.id, 'expired') ?? []);
  }

  /** What to write to the device since the last call. */
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
