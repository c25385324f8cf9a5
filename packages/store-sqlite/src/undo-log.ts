/**
 * How to take back what was noted in memory beside a transaction. Whoever changes such a note pushes the step that restores it; whoever rolls
 * back runs the steps, the last one first.
 */
export class UndoLog {
  #steps: (() => void)[] = [];

  push(step: () => void): void {
    this.#steps.push(step);
  }

  /** A place to come back to. */
  mark(): number {
    return this.#steps.length;
  }

  /** The transaction, or its part since `mark`, was rolled back. */
  undoTo(mark: number): void {
    for (const step of this.#steps.splice(mark).reverse()) step();
  }

  /** The transaction was committed. */
  keep(): void {
    this.#steps = [];
  }
}
