/**
 * A state was found that no input can bring about: a defect of this program, and no fault of a peer. Only parts that the server alone uses look
 * for one, so that a page loads nothing of it.
 */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
  /** What should have held, in the words of `docs/spec/session.md`. */
  readonly invariant: string;

  constructor(invariant: string) {
    super(`It does not hold that ${invariant}.`);
    this.invariant = invariant;
  }
}

/** On hot paths: `holds` is to be a comparison of numbers. @throws InvariantError where it is false */
export function assert(holds: boolean, invariant: string): asserts holds {
  if (!holds) throw new InvariantError(invariant);
}
