/** Holds the commits of one opening of a store until a test releases them. */
export class CommitGate {
  #held: (() => void)[] | null = null;

  /** Calls each commit once, either immediately or when the test releases it. */
  readonly pass = (commit: () => void): void => {
    if (this.#held === null) commit();
    else this.#held.push(commit);
  };

  get count(): number {
    return this.#held?.length ?? 0;
  }

  hold(): void {
    this.#held ??= [];
  }

  /** Releases one held commit, 0 being the oldest; a no-op if there is no such commit. */
  commit(at: number): void {
    this.#held?.splice(at, 1)[0]?.();
  }

  /** Releases all held commits, oldest first, and stops holding. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const commit of held) commit();
  }
}
