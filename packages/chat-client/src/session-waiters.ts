/** Holds callers that wait for a session to open. */
export class SessionWaiters {
  readonly #waiting = new Set<() => void>();

  /** Resolves when `settle` is called, or after `waitMs` milliseconds. Never rejects. */
  wait(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, waitMs);
      this.#waiting.add(done);
    });
  }

  /** Releases all callers, because a session is open or because no session will open. */
  settle(): void {
    for (const done of this.#waiting) done();
  }
}
