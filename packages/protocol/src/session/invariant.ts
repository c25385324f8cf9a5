/**
 * Reports a state that no input can cause: a defect of this program, not of a peer. Only parts that the server alone
 * uses check invariants, so that a page loads none of this.
 */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
  /** The broken invariant, in the words of `docs/spec/session.md`. */
  readonly invariant: string;

  constructor(invariant: string) {
    super(`Broken invariant: ${invariant}. This is a defect of Everywire; report it.`);
    this.invariant = invariant;
  }
}

/**
 * Asserts an invariant. Used on hot paths, so `holds` should be a comparison of numbers.
 * @throws InvariantError if it is false
 */
export function assert(holds: boolean, invariant: string): asserts holds {
  if (!holds) throw new InvariantError(invariant);
}
