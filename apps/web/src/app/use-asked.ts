import { useCallback, useEffect, useState } from 'react';
import { codeOf } from './backend.js';

interface Asked<Value> {
  readonly value: Value | null;
  /** The code of why there is none. */
  readonly problem: string | null;
  readonly askAgain: () => void;
}

/** What the server says now, and again when asked. `ask` has to be steady. */
export function useAsked<Value>(ask: () => Promise<Value>): Asked<Value> {
  const [value, setValue] = useState<Value | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each round asks again
  useEffect(() => {
    let dropped = false;
    ask().then(
      (answer) => {
        if (!dropped) setValue(answer);
      },
      (error: unknown) => {
        if (!dropped) setProblem(codeOf(error));
      },
    );
    return () => {
      dropped = true;
    };
  }, [ask, round]);
  const askAgain = useCallback(() => setRound((now) => now + 1), []);
  return { value, problem, askAgain };
}
