/** Those who wait for the session that is being opened. */
export class SessionAwaited {
  readonly #waiting = new Set<() => void>();

  /** Resolves when a session is open, or after `waitMs` without one. Never rejects. */
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

  /** A session is open, or none will be any more. */
  settle(): void {
    for (const done of this.#waiting) done();
  }
}
