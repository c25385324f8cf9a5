/** How long nothing may have met the failure until it counts as over: on a full disk small commits find room where a message does not. */
const calmMs = 60_000;

export interface FailureEpisodesOptions {
  readonly warn: (line: string) => void;
  /** The line of the first failure; `detail` is what `met` was given. */
  readonly begins: (detail: string) => string;
  readonly over: string;
  /** Whether the store's last commit succeeded. */
  readonly isWriting: () => boolean;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

/** Warns once when writing begins to fail for one reason and once when that is over, whatever number of commits and uploads meets it in between. */
export class FailureEpisodes {
  readonly #options: FailureEpisodesOptions;
  #metAt: number | null = null;

  constructor(options: FailureEpisodesOptions) {
    this.#options = options;
  }

  /** Something could not be written. */
  met(detail = ''): void {
    const isFirst = this.#metAt === null;
    this.#metAt = this.#options.now();
    if (isFirst) this.#options.warn(this.#options.begins(detail));
  }

  /** Asked now and then. */
  check(): void {
    const { now, isWriting, warn, over } = this.#options;
    if (this.#metAt === null || now() - this.#metAt < calmMs || !isWriting()) return;
    this.#metAt = null;
    warn(over);
  }
}
