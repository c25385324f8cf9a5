import { useChat } from '@everywire/chat-react';
import { useCallback, useEffect, useState } from 'react';
import { codeOf } from './backend.js';

export interface Asked<Value> {
  readonly value: Value | null;
  /** The code of why there is none. */
  readonly problem: string | null;
  readonly askAgain: () => void;
}

/** What the server says now, again when asked, and again with each connection. `ask` has to be steady. */
export function useAsked<Value>(ask: () => Promise<Value>): Asked<Value> {
  const [value, setValue] = useState<Value | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  const connected = useChat().connection.state === 'open';
  // biome-ignore lint/correctness/useExhaustiveDependencies: each round and each connection asks again
  useEffect(() => {
    let dropped = false;
    ask().then(
      (answer) => {
        if (dropped) return;
        setValue(answer);
        setProblem(null);
      },
      (error: unknown) => {
        if (!dropped) setProblem(codeOf(error));
      },
    );
    return () => {
      dropped = true;
    };
  }, [ask, round, connected]);
  const askAgain = useCallback(() => setRound((now) => now + 1), []);
  return { value, problem, askAgain };
}
