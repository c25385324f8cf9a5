import { useState } from 'react';
import { codeOf } from './backend.js';

interface Attempt {
  readonly busy: boolean;
  /** The code of what went wrong with the last try, until the next. */
  readonly problem: string | null;
  readonly clear: () => void;
  /** Does something that may fail; while it lasts, another is not begun. */
  readonly attempt: (act: () => Promise<void>) => Promise<void>;
}

/** One thing a person asked for, and how it went. `before`: the code of why it did not work elsewhere. */
export function useAttempt(before: string | null = null): Attempt {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(before);
  const attempt = async (act: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await act();
    } catch (error) {
      setProblem(codeOf(error));
    }
    setBusy(false);
  };
  return { busy, problem, attempt, clear: () => setProblem(null) };
}
