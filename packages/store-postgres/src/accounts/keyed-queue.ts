/** Runs asynchronous work sequentially per key, in call order. */
export class KeyedQueue<Key> {
  readonly #last = new Map<Key, Promise<void>>();

  /**
   * Starts `work` when all earlier work for the same key has settled. Settles like `work`. If `work` rejects, later
   * work still runs.
   */
  run<Answer>(key: Key, work: () => Promise<Answer>): Promise<Answer> {
    const answer = (this.#last.get(key) ?? Promise.resolve()).then(work);
    const release = (): void => {
      if (this.#last.get(key) === over) this.#last.delete(key);
    };
    const over: Promise<void> = answer.then(release, release);
    this.#last.set(key, over);
    return answer;
  }
}
