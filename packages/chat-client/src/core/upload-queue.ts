import type { CommandId, FileRef, KeyedCommand } from '@everywire/chat';
import type { Outbox, OutboxCode, OutboxItem } from './outbox.js';
import { isWaiting, type WaitingFile } from './waiting-file.js';

type OnFailed = (command: KeyedCommand, code: OutboxCode) => void;

/**
 * Gives the shell (the code around the core that does the I/O) access to the files that messages of the outbox wait
 * for. A message is sent once all of its files are uploaded.
 */
export class UploadQueue {
  readonly #outbox: Outbox;
  readonly #onFailed: OnFailed;
  readonly #onChanged: () => void;

  /** @param onChanged called when commands may have become ready to send */
  constructor(outbox: Outbox, onFailed: OnFailed, onChanged: () => void) {
    this.#outbox = outbox;
    this.#onFailed = onFailed;
    this.#onChanged = onChanged;
  }

  /** Returns the next file to upload; `null` if there is none. */
  next(): { readonly id: CommandId; readonly file: WaitingFile } | null {
    return this.#outbox.nextUpload();
  }

  /**
   * Returns a waiting file of a message in the outbox. `number`: the index of the file in its message. Returns `null`
   * if the file is uploaded already or the message is gone.
   */
  file(id: CommandId, number: number): WaitingFile | null {
    const files = this.#outbox.items().find(({ command }) => command.id === id)?.files ?? [];
    return files.filter(isWaiting).find((file) => file.number === number) ?? null;
  }

  /** Records that a file was uploaded as `ref`. After the last file of a message, the message becomes ready to send. */
  uploaded(id: CommandId, number: number, ref: FileRef): void {
    this.#outbox.uploaded(id, number, ref);
    this.#onChanged();
  }

  /**
   * Handles a message that another tab changed first: replaces the message by `kept`, the version that is stored on the
   * device. `null` means that the stored message is gone, so it is removed from the outbox.
   */
  adopt(id: CommandId, kept: OutboxItem | null): void {
    if (kept === null) this.#outbox.succeed(id);
    else this.#outbox.adopt(kept);
    this.#onChanged();
  }

  /**
   * Marks a message as failed because the upload of one of its files failed for good. The messages behind it are then
   * no longer delayed.
   */
  failed(id: CommandId, code: OutboxCode): void {
    const item = this.#outbox.fail(id, code);
    if (item !== null) this.#onFailed(item.command, code);
    this.#onChanged();
  }
}
