/** Runs asynchronous work one at a time for each key, in the order of the calls. */
export class KeyedTurns<Key> {
  readonly #last = new Map<Key, Promise<void>>();

  /** Starts `work` when everything that was given before for the same key is over. Rejects with what `work` rejects with; the next one runs anyway. */
  take<Answer>(key: Key, work: () => Promise<Answer>): Promise<Answer> {
    const answer = (this.#last.get(key) ?? Promise.resolve()).then(work);
    const release = (): void => {
      if (this.#last.get(key) === over) this.#last.delete(key);
    };
    const over: Promise<void> = answer.then(release, release);
    this.#last.set(key, over);
    return answer;
  }
}
