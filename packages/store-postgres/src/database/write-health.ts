import { type CommitHealth, StoreError } from '@everywire/chat';
import { asStoreError, isConflict } from './store-failure.js';

/** Milliseconds between two attempts to write while writing fails. */
const PROBE_MS = 2_000;
/** Reasons that are kept: a damaged database repeats itself. */
const DAMAGE_MAX = 100;

export interface WriteHealthOptions {
  /** Called at each commit that finds the disk of the database full. */
  readonly onDiskFull?: (() => void) | undefined;
  /** Called at each commit that fails for another reason, a connection that ended among them, with one line. */
  readonly onCommitFailed?: ((reason: string) => void) | undefined;
  /** Called once for each thing that the database says of damaged data. */
  readonly onDamage?: ((reason: string) => void) | undefined;
}

/** Whether what this node commits is written. While it is not, and nobody sends anything, a small commit tells when that is over. */
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

  /** What the database has said of damaged data since the store was opened. */
  get damage(): readonly string[] {
    return [...this.#damage];
  }

  /** From here on `write`, which commits something small, is called now and then while nothing else succeeds; until `close`. */
  probeBy(write: () => Promise<unknown>): void {
    this.#probe = write;
  }

  committed(): void {
    this.#failure = null;
  }

  /** Takes what a transaction failed of. What another transaction was in the way of, and defects, say nothing about the database. */
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

  /** Takes what a read failed of: nothing but damage counts. */
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
