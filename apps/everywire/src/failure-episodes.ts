/**
 * The time without a failure after which an episode ends, ms; on a full disk, small commits succeed while a message
 * fails.
 */
const CALM_MS = 60_000;

/** The texts and dependencies of a `FailureEpisodes`. */
export interface FailureEpisodesOptions {
  readonly warn: (line: string) => void;
  /** Returns the line of the first failure; `detail` comes from `met`. */
  readonly begins: (detail: string) => string;
  readonly over: string;
  /** Whether the store's last commit succeeded. */
  readonly isWriting: () => boolean;
  /** The monotonic clock, ms. */
  readonly now: () => number;
}

/**
 * Warns once when writes begin to fail for a reason and once when that ends, however many commits and uploads fail in
 * between.
 */
export class FailureEpisodes {
  readonly #options: FailureEpisodesOptions;
  #metAt: number | null = null;

  constructor(options: FailureEpisodesOptions) {
    this.#options = options;
  }

  /** Records a failed write. */
  met(detail = ''): void {
    const isFirst = this.#metAt === null;
    this.#metAt = this.#options.now();
    if (isFirst) this.#options.warn(this.#options.begins(detail));
  }

  /** Ends the episode if it is over; the caller must call it periodically. */
  check(): void {
    const { now, isWriting, warn, over } = this.#options;
    if (this.#metAt === null || now() - this.#metAt < CALM_MS || !isWriting()) return;
    this.#metAt = null;
    warn(over);
  }
}
