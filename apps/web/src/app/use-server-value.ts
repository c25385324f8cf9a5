import { useChat } from '@everywire/chat-react';
import { useCallback, useEffect, useState } from 'react';
import { codeOf } from './backend.js';

/** A value loaded from the server. */
export interface ServerValue<Value> {
  readonly value: Value | null;
  /** The error code of the last request, or `null`. */
  readonly problem: string | null;
  readonly refetch: () => void;
}

/** Loads a value from the server. Loads it again on `refetch` and whenever the connection changes. `ask` must be a stable function. */
export function useServerValue<Value>(ask: () => Promise<Value>): ServerValue<Value> {
  const [value, setValue] = useState<Value | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  const connected = useChat().connection.state === 'open';
  // biome-ignore lint/correctness/useExhaustiveDependencies: each round and each connection change loads again
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
  const refetch = useCallback(() => setRound((now) => now + 1), []);
  return { value, problem, refetch };
}
