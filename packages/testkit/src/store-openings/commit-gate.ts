/** Where what one opening of a store changes waits before it commits, as long as a test holds it. */
export class CommitGate {
  #held: (() => void)[] | null = null;

  /** Each commit goes through here, to be called once: at once, or when the test lets it. */
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

  /** Lets one of the held go, the oldest being 0; where there is none so far, nothing. */
  commit(at: number): void {
    this.#held?.splice(at, 1)[0]?.();
  }

  /** Lets all of them go, the oldest first, and holds no more. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const commit of held) commit();
  }
}
