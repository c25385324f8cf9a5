import type { FileName, Files } from '@everywire/chat';

export interface OrphanSweepOptions {
  readonly files: Pick<Files, 'names' | 'remove'>;
  /** Answers which of the names belong to nothing. */
  readonly orphansOf: (names: readonly FileName[]) => Promise<readonly FileName[]>;
  /** Milliseconds between the sweep that found a file to be an orphan first and the one that removes it. */
  readonly graceMs: number;
  /** Files that one sweep looks at, and orphans that are remembered; the others are found again later. */
  readonly filesMax: number;
  readonly wallNow: () => number;
}

/**
 * Removes files that belong to nothing, as a crash between a change of the store and the removal of bytes leaves them. A file is removed when two sweeps of this process found it
 * to be an orphan, at least `graceMs` apart: one that is being kept may have its bytes before the store knows it.
 */
export class OrphanSweep {
  readonly #options: OrphanSweepOptions;
  /** Orphans, and when they were found, milliseconds since the epoch. */
  readonly #found = new Map<FileName, number>();
  #after: FileName | null = null;

  constructor(options: OrphanSweepOptions) {
    this.#options = options;
  }

  /**
   * Looks at the next `filesMax` files, from the start again after the last, and at the orphans whose grace time is over. Rejects with
   * `FilesError` or `StoreError`; the next sweep repeats what is left.
   */
  async sweep(): Promise<void> {
    await this.#removeDue();
    await this.#findMore();
  }

  async #removeDue(): Promise<void> {
    const { files, orphansOf, graceMs, wallNow } = this.#options;
    const before = wallNow() - graceMs;
    const due = [...this.#found].filter(([, since]) => since <= before).map(([name]) => name);
    if (due.length === 0) return;
    await files.remove(await orphansOf(due));
    for (const name of due) this.#found.delete(name);
  }

  async #findMore(): Promise<void> {
    const { files, orphansOf, filesMax, wallNow } = this.#options;
    const names = await files.names(this.#after, filesMax);
    const now = wallNow();
    const fresh = names.filter((name) => !this.#found.has(name));
    for (const name of await orphansOf(fresh)) {
      if (this.#found.size >= filesMax) break;
      this.#found.set(name, now);
    }
    this.#after = names.length < filesMax ? null : (names.at(-1) ?? null);
  }
}
