import type { FileName, Files } from '@everywire/chat';

/** Options of `OrphanSweep`. */
export interface OrphanSweepOptions {
  readonly files: Pick<Files, 'names' | 'remove' | 'owner'>;
  /** The id of the store. Nothing is removed of files that it has not claimed. */
  readonly store: string;
  /** Returns those of the names that are orphans: files to which nothing refers. */
  readonly orphansOf: (names: readonly FileName[]) => Promise<readonly FileName[]>;
  /** Milliseconds between the sweep that first found an orphan and the one that removes it. */
  readonly graceMs: number;
  /**
   * Maximum files that one sweep examines, and maximum orphans that are remembered. Later sweeps find further orphans.
   */
  readonly filesMax: number;
  readonly wallNow: () => number;
}

/**
 * Removes orphaned files. A crash between a change of the store and the removal of bytes leaves such files. A file is
 * removed once two sweeps of this process, at least `graceMs` apart, have found it to be an orphan. One sweep is not
 * enough, because the bytes of a new file are stored before its record.
 */
export class OrphanSweep {
  readonly #options: OrphanSweepOptions;
  /** Orphans, and when they were found, in milliseconds since the epoch. */
  readonly #found = new Map<FileName, number>();
  #after: FileName | null = null;

  constructor(options: OrphanSweepOptions) {
    this.#options = options;
  }

  /**
   * Examines the next `filesMax` files, wrapping around after the last, and the orphans whose grace time is over.
   * Rejects with `FilesError` or `StoreError`; the next sweep retries.
   */
  async sweep(): Promise<void> {
    const { files, store } = this.#options;
    if ((await files.owner()) !== store) return;
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
