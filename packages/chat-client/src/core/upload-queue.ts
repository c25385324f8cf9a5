import type { CommandId, FileRef, KeyedCommand } from '@everywire/chat';
import type { Outbox, OutboxCode, OutboxItem } from './outbox.js';
import { isWaiting, type WaitingFile } from './waiting-file.js';

type OnFailed = (command: KeyedCommand, code: OutboxCode) => void;

/** The files that messages of the outbox wait for, as the shell sends them up. */
export class UploadQueue {
  readonly #outbox: Outbox;
  readonly #onFailed: OnFailed;
  readonly #onChanged: () => void;

  /** @param onChanged commands may be ready to be asked */
  constructor(outbox: Outbox, onFailed: OnFailed, onChanged: () => void) {
    this.#outbox = outbox;
    this.#onFailed = onFailed;
    this.#onChanged = onChanged;
  }

  /** The file to send up now; `null` where none waits. */
  next(): { readonly id: CommandId; readonly file: WaitingFile } | null {
    return this.#outbox.nextUpload();
  }

  /** A waiting file of a message in the outbox; `null` where it is up, or the message gone. */
  file(id: CommandId, number: number): WaitingFile | null {
    const files = this.#outbox.items().find(({ command }) => command.id === id)?.files ?? [];
    return files.filter(isWaiting).find((file) => file.number === number) ?? null;
  }

  /** A waiting file has gone up; with its last one, the message is sent. */
  uploaded(id: CommandId, number: number, ref: FileRef): void {
    this.#outbox.uploaded(id, number, ref);
    this.#onChanged();
  }

  /** Another tab was faster with this message: takes over what it has kept, or with `null` lets it go. */
  adopt(id: CommandId, kept: OutboxItem | null): void {
    if (kept === null) this.#outbox.succeed(id);
    else this.#outbox.adopt(kept);
    this.#onChanged();
  }

  /** A waiting file will not go up: its message fails, and those behind it go. */
  failed(id: CommandId, code: OutboxCode): void {
    const item = this.#outbox.fail(id, code);
    if (item !== null) this.#onFailed(item.command, code);
    this.#onChanged();
  }
}
