import type { CommandId, FileRef, KeyedCommand } from '@everywire/chat';
import type { Outbox, OutboxCode, OutboxItem } from './outbox.js';
import { isWaiting, type WaitingFile } from './waiting-file.js';

type OnFailed = (command: KeyedCommand, code: OutboxCode) => void;

/** Gives the shell access to the files that messages of the outbox wait for. */
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

  /** Returns a waiting file of a message in the outbox; `null` if it is uploaded or the message is gone. */
  file(id: CommandId, number: number): WaitingFile | null {
    const files = this.#outbox.items().find(({ command }) => command.id === id)?.files ?? [];
    return files.filter(isWaiting).find((file) => file.number === number) ?? null;
  }

  /** Records an uploaded file; after the last one, the message is sent. */
  uploaded(id: CommandId, number: number, ref: FileRef): void {
    this.#outbox.uploaded(id, number, ref);
    this.#onChanged();
  }

  /** Handles a message that another tab changed first: replaces it by the stored version, or removes it if `null`. */
  adopt(id: CommandId, kept: OutboxItem | null): void {
    if (kept === null) this.#outbox.succeed(id);
    else this.#outbox.adopt(kept);
    this.#onChanged();
  }

  /** Fails a message whose upload failed for good, which releases the messages behind it. */
  failed(id: CommandId, code: OutboxCode): void {
    const item = this.#outbox.fail(id, code);
    if (item !== null) this.#onFailed(item.command, code);
    this.#onChanged();
  }
}
