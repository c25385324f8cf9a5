import { type ConversationId, StoreError } from '@everywire/chat';
import type { Access } from './access.js';
import type { ErasureTable } from './erasure-table.js';

interface EraserLimits {
  readonly erasedRowsAtOnce: number;
  readonly erasePauseMs: number;
  readonly eraseScanRows: number;
  readonly retrialMs: number;
}

interface EraserOptions {
  readonly table: ErasureTable;
  readonly limits: EraserLimits;
  readonly access: Access;
  /** Moves the whole log into the file and cuts it off; false where it cannot now. */
  readonly emptyLog: () => Promise<boolean>;
  readonly onFailed: (reason: unknown) => void;
}

/**
 * Takes what was said in deleted conversations out of the file, a few rows in each commit and with a pause after it, so that no send waits for
 * it. What is due is written on the conversation's row, in the commit that deletes it: a process that is killed goes on after it was started
 * again. A conversation is settled once the write-ahead log, which has its pages as they were, has been emptied too.
 */
export class Eraser {
  readonly #options: EraserOptions;
  readonly #due: ConversationId[] = [];
  /** Without rows, and perhaps in the log yet. */
  readonly #emptied: ConversationId[] = [];
  /** How far the look for what was due when the store was opened has come; `null`: through. */
  #scanned: ConversationId | null = 0;
  #timer: NodeJS.Timeout | null = null;
  #isBusy = false;
  #closed = false;

  constructor(options: EraserOptions) {
    this.#options = options;
    this.#wake(options.limits.erasePauseMs);
  }

  /** Was deleted, or will be once its transaction is through. */
  add(conversation: ConversationId): void {
    this.#due.push(conversation);
    this.#wake(this.#options.limits.erasePauseMs);
  }

  /** Nothing is due, nor left in the log of what was. */
  get isIdle(): boolean {
    return this.#scanned === null && this.#due.length === 0 && this.#emptied.length === 0;
  }

  /** What is still due is so after the next opening. */
  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #wake(after: number): void {
    if (this.#closed || this.isIdle || this.#timer !== null || this.#isBusy) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#isBusy = true;
      this.#runTurn().then((pause) => {
        this.#isBusy = false;
        this.#wake(pause);
      });
    }, after).unref();
  }

  /** Answers the milliseconds until the next one. */
  async #runTurn(): Promise<number> {
    const { limits, onFailed } = this.#options;
    try {
      return await this.#step();
    } catch (error) {
      // A disk that is full or a store that is closing: what is due stays so.
      if (!(error instanceof StoreError)) onFailed(error);
      return limits.retrialMs;
    }
  }

  async #step(): Promise<number> {
    const { table, limits, access, emptyLog } = this.#options;
    const [conversation] = this.#due;
    if (conversation !== undefined) {
      const left = await access.write(() => table.erase(conversation, limits.erasedRowsAtOnce));
      if (left !== 'more') this.#due.shift();
      if (left === 'nothing') this.#emptied.push(conversation);
    } else if (this.#scanned !== null) {
      const after = this.#scanned;
      const { conversations, more } = await access.read(() => table.due(after, limits.eraseScanRows));
      this.#due.push(...conversations);
      this.#scanned = more ? after + limits.eraseScanRows : null;
    } else {
      const emptied = [...this.#emptied];
      if (!(await emptyLog())) return limits.retrialMs;
      await access.write(() => {
        for (const each of emptied) table.settle(each);
      });
      this.#emptied.splice(0, emptied.length);
    }
    return limits.erasePauseMs;
  }
}
