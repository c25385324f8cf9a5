/** Something new every `intervalMs`, for as long as anybody waits. */
export class News {
  readonly #intervalMs: number;
  readonly #waiting = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** Calls `listener` once, when the next news is there. Returns a function that cancels it. */
  next(listener: () => void): () => void {
    this.#waiting.add(listener);
    this.#timer ??= setTimeout(() => this.#arrive(), this.#intervalMs);
    return () => this.#waiting.delete(listener);
  }

  /** Lets everything that waits have its news now. */
  end(): void {
    clearTimeout(this.#timer);
    this.#arrive();
  }

  #arrive(): void {
    this.#timer = undefined;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const listener of waiting) listener();
  }
}
