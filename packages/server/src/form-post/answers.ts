import type { ServerLimits } from '../limits.js';

/** What a form's sender cannot read where it is shown, kept for one GET under a secret of its own making (SN-20). */
export interface FormAnswers {
  keep(claim: string, json: string): void;
  /** @returns `undefined` for one that is taken, too old or was never kept. */
  take(claim: string): string | undefined;
}

interface Kept {
  readonly json: string;
  readonly until: number;
}

/** The oldest goes first, by time and where there are too many: insertion order is age. */
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
