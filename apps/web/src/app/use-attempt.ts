import { useState } from 'react';
import { codeOf } from './backend.js';

interface Attempt {
  readonly busy: boolean;
  /** The error code of the last attempt, until the next one begins. */
  readonly problem: string | null;
  readonly clear: () => void;
  /** Runs an action that may fail. No-op while another one is running. */
  readonly attempt: (act: () => Promise<void>) => Promise<void>;
}

/** Runs one user action at a time and holds its state. `before` is the initial error code, for a failure that happened elsewhere. */
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
