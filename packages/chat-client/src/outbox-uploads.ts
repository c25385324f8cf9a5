import type { CommandId, FileRef } from '@everywire/chat';
import type { LocalFile, UploadOptions } from './chat-client.js';
import { ChatFailure } from './chat-failure.js';
import type { ChatCore } from './core/chat-core.js';
import type { OutboxCode, OutboxWrite } from './core/outbox.js';
import type { UploadQueue } from './core/upload-queue.js';
import { isWaiting } from './core/waiting-file.js';
import type { DeviceStore, StoreWrite, WaitingBytes } from './device-store.js';

/**
 * Pause after a failed upload, in milliseconds. Doubles with each consecutive failure, up to `most`. The actual pause
 * is randomised, because all clients of a server lose it at the same time and must not all return at the same time.
 */
const retryMs = { first: 2_000, most: 60_000 } as const;

type Upload = (file: File, options: UploadOptions) => Promise<FileRef>;

/** The parts of the client that the uploads use. */
interface Shell {
  readonly upload: Upload;
  /** Runs an intent once the core exists, then performs the core's I/O. */
  readonly whenLoaded: (intent: (core: ChatCore) => void) => void;
  readonly store: () => DeviceStore | null;
}

/**
 * Uploads the waiting files of messages in the outbox (files that were attached while offline, for example), one at a
 * time while a session is open. Retries a failed upload after a pause.
 */
export class OutboxUploads {
  readonly #shell: Shell;
  /** The bytes of files of messages that this run queued. Files of an earlier run are read from the store. */
  readonly #bytes = new Map<CommandId, readonly WaitingBytes[]>();
  /** The messages whose file bytes were not yet passed to the store. */
  readonly #unwritten = new Set<CommandId>();
  #running: { readonly id: CommandId; readonly stop: AbortController } | null = null;
  #pause: ReturnType<typeof setTimeout> | null = null;
  #failures = 0;
  #connected = false;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  /** Holds the files of a message that is about to enter the outbox. */
  hold(id: CommandId, files: readonly (FileRef | LocalFile)[]): void {
    const bytes = files.flatMap((file, number) => ('bytes' in file ? [{ number, bytes: file.bytes }] : []));
    if (bytes.length === 0) return;
    this.#bytes.set(id, bytes);
    this.#unwritten.add(id);
  }

  /** Adds to an outbox write the file bytes that belong to it. */
  withBytes(write: OutboxWrite): StoreWrite {
    if (write.write === 'forget') {
      this.#drop(write.id);
      return write;
    }
    const { id } = write.item.command;
    const bytes = this.#unwritten.delete(id) ? this.#bytes.get(id) : undefined;
    return bytes === undefined ? write : { ...write, bytes };
  }

  /** Returns the bytes of a waiting file; `null` if this device does not have them. */
  async bytes(id: CommandId, number: number): Promise<ArrayBuffer | null> {
    const held = this.#bytes.get(id)?.find((each) => each.number === number);
    if (held !== undefined) return held.bytes;
    return (
      (await this.#shell
        .store()
        ?.waitingBytes(id, number)
        .catch(() => null)) ?? null
    );
  }

  /** Handles a session that has opened: uploads may start. */
  connected(): void {
    this.#connected = true;
    this.#failures = 0;
    this.#endPause();
  }

  /** Handles a session that has ended: no upload starts. */
  disconnected(): void {
    this.#connected = false;
  }

  /** Stops all uploads. */
  stop(): void {
    this.disconnected();
    this.#endPause();
    this.#running?.stop.abort();
  }

  /** Starts the next upload if possible. The caller must call this after every change of the core. */
  look(core: ChatCore): void {
    if (this.#running !== null || this.#pause !== null || !this.#connected) return;
    const next = core.uploads.next();
    if (next === null) return;
    const stop = new AbortController();
    this.#running = { id: next.id, stop };
    this.#sendUp(next, stop.signal).catch((failure: unknown) => this.#failed(next.id, failure, stop.signal.aborted));
  }

  async #sendUp({ id, file }: NonNullable<ReturnType<UploadQueue['next']>>, signal: AbortSignal): Promise<void> {
    const bytes = await this.bytes(id, file.number);
    if (bytes === null) {
      await this.#withoutBytes(id);
      return;
    }
    const ref = await this.#shell.upload(new File([bytes], file.name, { type: file.type }), { signal });
    this.#ended((core) => core.uploads.uploaded(id, file.number, ref));
  }

  /**
   * Handles missing bytes. Another tab may have uploaded the files, or sent or discarded the message; then takes over
   * its result. Otherwise the bytes are lost, and the upload fails.
   */
  async #withoutBytes(id: CommandId): Promise<void> {
    const kept = await this.#shell.store()?.outboxItem(id);
    if (kept?.files?.some(isWaiting)) throw new ChatFailure('file_lost', false);
    this.#ended((core) => core.uploads.adopt(id, kept ?? null));
  }

  #ended(then: (core: ChatCore) => void): void {
    this.#running = null;
    this.#failures = 0;
    this.#shell.whenLoaded(then);
  }

  #failed(id: CommandId, failure: unknown, stopped: boolean): void {
    this.#running = null;
    if (failure instanceof ChatFailure && !failure.retryable) {
      this.#shell.whenLoaded((core) => core.uploads.failed(id, failure.code as OutboxCode));
      return;
    }
    if (!stopped) this.#wait();
    // The user discarded the message during the upload. `whenLoaded` calls `look`, which starts the next upload.
    else this.#shell.whenLoaded(() => undefined);
  }

  #wait(): void {
    const pause = Math.min(retryMs.most, retryMs.first * 2 ** this.#failures);
    this.#failures += 1;
    this.#pause = setTimeout(
      () => {
        this.#pause = null;
        this.#shell.whenLoaded((core) => this.look(core));
      },
      pause * (0.5 + Math.random()),
    );
  }

  #endPause(): void {
    if (this.#pause !== null) clearTimeout(this.#pause);
    this.#pause = null;
  }

  #drop(id: CommandId): void {
    this.#bytes.delete(id);
    this.#unwritten.delete(id);
    if (this.#running?.id === id) this.#running.stop.abort();
  }
}
