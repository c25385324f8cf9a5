import type { CommandId, FileRef } from '@everywire/chat';
import type { LocalFile, UploadOptions } from './chat-client.js';
import { ChatFailure } from './chat-failure.js';
import type { ChatCore } from './core/chat-core.js';
import type { OutboxCode, OutboxWrite } from './core/outbox.js';
import type { UploadQueue } from './core/upload-queue.js';
import { isWaiting } from './core/waiting-file.js';
import type { DeviceStore, StoreWrite, WaitingBytes } from './device-store.js';

/** Milliseconds: the pause after the first upload that came to nothing, doubled by each further one. Spread, because all clients of a server lose it at once. */
const retryMs = { first: 2_000, most: 60_000 } as const;

type Upload = (file: File, options: UploadOptions) => Promise<FileRef>;

interface Shell {
  readonly upload: Upload;
  /** Runs once the core is there, and then does what it wants done. */
  readonly whenLoaded: (intent: (core: ChatCore) => void) => void;
  readonly store: () => DeviceStore | null;
}

/** Sends up the files that messages of the outbox wait for, one at a time, while a session is open; what fails for now is tried again after a pause. */
export class OutboxUploads {
  readonly #shell: Shell;
  /** Of messages that were sent in this run; those of an earlier run are read from the store. */
  readonly #bytes = new Map<CommandId, readonly WaitingBytes[]>();
  readonly #unwritten = new Set<CommandId>();
  #running: { readonly id: CommandId; readonly stop: AbortController } | null = null;
  #pause: ReturnType<typeof setTimeout> | null = null;
  #failures = 0;
  #connected = false;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  /** The bytes of a message that is about to enter the outbox. */
  hold(id: CommandId, files: readonly (FileRef | LocalFile)[]): void {
    const bytes = files.flatMap((file, number) => ('bytes' in file ? [{ number, bytes: file.bytes }] : []));
    if (bytes.length === 0) return;
    this.#bytes.set(id, bytes);
    this.#unwritten.add(id);
  }

  /** The outbox's write with the bytes that belong to it. */
  withBytes(write: OutboxWrite): StoreWrite {
    if (write.write === 'forget') {
      this.#drop(write.id);
      return write;
    }
    const { id } = write.item.command;
    const bytes = this.#unwritten.delete(id) ? this.#bytes.get(id) : undefined;
    return bytes === undefined ? write : { ...write, bytes };
  }

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

  connected(): void {
    this.#connected = true;
    this.#failures = 0;
    this.#endPause();
  }

  disconnected(): void {
    this.#connected = false;
  }

  /** Nothing goes up any more. */
  stop(): void {
    this.disconnected();
    this.#endPause();
    this.#running?.stop.abort();
  }

  /** Called after every change of the core. */
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

  /** Another tab has sent the files up, or has sent or discarded the message; where none has, they are lost. */
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
    // Taken back while it went up: the next one may go.
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
