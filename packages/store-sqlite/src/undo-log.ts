/**
 * Rolls back in-memory state together with a transaction of the database. Each change of the state pushes a step that
 * reverts the change; a rollback runs the steps in reverse order.
 */
export class UndoLog {
  #steps: (() => void)[] = [];

  push(step: () => void): void {
    this.#steps.push(step);
  }

  /** Returns a mark to roll back to. */
  mark(): number {
    return this.#steps.length;
  }

  /** Rolls back all changes since `mark`, with the transaction or savepoint. */
  undoTo(mark: number): void {
    for (const step of this.#steps.splice(mark).reverse()) step();
  }

  /** Forgets the steps of a committed transaction. */
  keep(): void {
    this.#steps = [];
  }
}
