import type { Request } from '@everywire/chat';
import type { Log } from './log.js';

/** Reports what a defect of this program decided, and counts it. */
export class BrokenInvariants {
  readonly #log: Log;
  #count = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Reports a command that was refused because of such a decision. Returns whether it was. */
  note(
    outcome: { readonly outcome: string; readonly invariant?: string },
    { command }: Pick<Request, 'command'>,
  ): boolean {
    const { invariant } = outcome;
    if (invariant === undefined) return false;
    this.#count += 1;
    this.#log.error(
      `invariant_broken: Command ${command} was refused with internal: it does not hold that ${invariant}.`,
    );
    return true;
  }

  /** Adds what was reported to the counters of the transport, which has notices of the same code. */
  addTo(counters: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
    if (this.#count === 0) return counters;
    const { invariant_broken: sessions = 0 } = counters;
    return { ...counters, invariant_broken: sessions + this.#count };
  }
}
