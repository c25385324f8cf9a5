import type { Request } from '@everywire/chat';
import type { Logger } from './logger.js';

/**
 * Logs and counts commands that were refused because their outcome would have violated an invariant (a rule that must
 * always hold). Such a refusal means that this program has a defect.
 */
export class BrokenInvariants {
  readonly #log: Logger;
  #count = 0;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Logs and counts the outcome if an invariant was violated. Returns whether it was. */
  note(
    outcome: { readonly outcome: string; readonly invariant?: string },
    { command }: Pick<Request, 'command'>,
  ): boolean {
    const { invariant } = outcome;
    if (invariant === undefined) return false;
    this.#count += 1;
    this.#log.error(
      `invariant_broken: Command ${command} was refused with internal: violated invariant: ${invariant}.`,
    );
    return true;
  }

  /** Adds the count to the counters of the transport server, which counts notices with the same code. */
  addTo(counters: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
    if (this.#count === 0) return counters;
    const { invariant_broken: sessions = 0 } = counters;
    return { ...counters, invariant_broken: sessions + this.#count };
  }
}
