/** A source of news for long polling. `intervalMs` after the first listener was added, one piece of news goes to all listeners. */
export class News {
  readonly #intervalMs: number;
  readonly #waiting = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** Calls `listener` once, at the next piece of news. Returns a function that removes the listener. */
  next(listener: () => void): () => void {
    this.#waiting.add(listener);
    this.#timer ??= setTimeout(() => this.#arrive(), this.#intervalMs);
    return () => this.#waiting.delete(listener);
  }

  /** Calls all waiting listeners immediately, so that their held requests end. */
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
