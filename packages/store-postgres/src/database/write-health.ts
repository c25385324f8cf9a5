import { type CommitHealth, StoreError } from '@everywire/chat';
import { asStoreError, isConflict } from './store-failure.js';

/** Time between two probe commits (commits that only test whether commits succeed) while commits fail, ms. */
const PROBE_MS = 2_000;
/** The most damage reports kept. A damaged database repeats the same reports. */
const DAMAGE_MAX = 100;

/** Callbacks of `WriteHealth`. */
export interface WriteHealthOptions {
  /** Called for each commit that fails because the disk of the database is full. */
  readonly onDiskFull?: (() => void) | undefined;
  /** Called with a one-line reason for each commit that fails otherwise, a lost connection included. */
  readonly onCommitFailed?: ((reason: string) => void) | undefined;
  /** Called once for each distinct report of damaged data. */
  readonly onDamage?: ((reason: string) => void) | undefined;
}

/**
 * Tracks whether commits of this node succeed. After a failure, a small probe commit is tried repeatedly, so that the
 * recovery is detected even without traffic.
 */
export class WriteHealth {
  readonly #options: WriteHealthOptions;
  #failure: 'full' | 'failed' | null = null;
  readonly #damage = new Set<string>();
  #probe: (() => Promise<unknown>) | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: WriteHealthOptions = {}) {
    this.#options = options;
  }

  get commits(): CommitHealth {
    return { lastCommitOk: this.#failure === null, isDiskFull: this.#failure === 'full' };
  }

  /** The distinct damage reports since the store was opened. */
  get damage(): readonly string[] {
    return [...this.#damage];
  }

  /** Sets the probe commit, which is called every 2 s while commits fail, until `close`. */
  probeBy(write: () => Promise<unknown>): void {
    this.#probe = write;
  }

  /** Records that a commit has succeeded. */
  committed(): void {
    this.#failure = null;
  }

  /** Records why a transaction failed. Ignores conflicts and defects, because they say nothing about the database. */
  failed(cause: unknown): void {
    const error = asStoreError(cause, 'before');
    if (isConflict(cause) || !(error instanceof StoreError)) return;
    if (error.code === 'damaged') this.#noteDamage(error.message);
    else if (error.code === 'full') {
      this.#failure = 'full';
      this.#options.onDiskFull?.();
    } else {
      this.#failure = 'failed';
      this.#options.onCommitFailed?.(error.message);
    }
    this.#probeLater();
  }

  /** Records why a read failed, if the reason is damage; ignores other reasons. */
  readFailed(error: unknown): void {
    if (error instanceof StoreError && error.code === 'damaged') this.#noteDamage(error.message);
  }

  close(): void {
    this.#probe = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #noteDamage(reason: string): void {
    if (this.#damage.has(reason) || this.#damage.size >= DAMAGE_MAX) return;
    this.#damage.add(reason);
    this.#options.onDamage?.(reason);
  }

  #probeLater(): void {
    if (this.#probe === null || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#failure === null) return;
      this.#probe?.().then(
        () => this.committed(),
        () => this.#probeLater(),
      );
    }, PROBE_MS).unref();
  }
}
