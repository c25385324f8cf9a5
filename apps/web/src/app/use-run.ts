import { useState } from 'react';
import { codeOf } from './backend.js';

/**
 * For what is begun and not waited for, because it may wait in the outbox until there is a connection: the code of what went wrong last, until
 * the next is begun.
 */
export function useRun(): readonly [problem: string | null, run: (act: Promise<unknown>) => void] {
  const [problem, setProblem] = useState<string | null>(null);
  const run = (act: Promise<unknown>) => {
    setProblem(null);
    act.catch((error: unknown) => setProblem(codeOf(error)));
  };
  return [problem, run];
}
