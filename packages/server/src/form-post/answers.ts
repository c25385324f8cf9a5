import type { ServerLimits } from '../limits.js';

/**
 * Keeps answers to forms. The sender of a form cannot read the answer to the form itself. It gets the answer by a GET
 * with a secret that it chose and sent with the form, once (SN-20).
 */
export interface FormAnswers {
  /** Keeps an answer under a secret. */
  keep(claim: string, json: string): void;
  /** Returns an answer once. @returns `undefined` for one that was taken, expired or never kept */
  take(claim: string): string | undefined;
}

/** A stored answer. `until`: when it expires, in milliseconds of the server's clock. */
interface Kept {
  readonly json: string;
  readonly until: number;
}

/** Creates the store of answers. Evicts answers that are too old, and the oldest ones when the store is full. */
export function createFormAnswers(
  limits: Pick<ServerLimits, 'formAnswersMax' | 'ticketMs'>,
  now: () => number,
): FormAnswers {
  const answers = new Map<string, Kept>();

  function forgetOld(time: number): void {
    for (const [claim, { until }] of answers) {
      if (until > time && answers.size < limits.formAnswersMax) return;
      answers.delete(claim);
    }
  }

  return {
    keep(claim, json): void {
      const time = now();
      forgetOld(time);
      answers.delete(claim);
      answers.set(claim, { json, until: time + limits.ticketMs });
    },
    take(claim): string | undefined {
      const kept = answers.get(claim);
      answers.delete(claim);
      return kept !== undefined && kept.until > now() ? kept.json : undefined;
    },
  };
}
