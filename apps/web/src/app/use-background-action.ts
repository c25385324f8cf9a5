import { useState } from 'react';
import { codeOf } from './backend.js';

/**
 * Runs actions without waiting for them, because they may wait in the outbox until there is a connection. Returns the error code of the
 * last failure, which the next action clears.
 */
export function useBackgroundAction(): readonly [problem: string | null, run: (act: Promise<unknown>) => void] {
  const [problem, setProblem] = useState<string | null>(null);
  const run = (act: Promise<unknown>) => {
    setProblem(null);
    act.catch((error: unknown) => setProblem(codeOf(error)));
  };
  return [problem, run];
}
