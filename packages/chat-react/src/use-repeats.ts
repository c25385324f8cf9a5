import { useCallback, useEffect, useRef, useState } from 'react';
import { useChat } from './client-context.js';

interface Repeats {
  /** Rises when the connection is open again after a question failed. An effect that depends on it asks anew. */
  readonly repeats: number;
  /** How the last question went. Steady: an effect need not depend on it. */
  readonly note: (failed: boolean) => void;
}

/** Repeats a question that failed while there was no connection, once there is one. What fails on an open connection is not repeated. */
export function useRepeats(): Repeats {
  const open = useChat().connection.state === 'open';
  const failed = useRef(false);
  const [repeats, setRepeats] = useState(0);
  const note = useCallback((now: boolean) => {
    failed.current = now;
  }, []);
  useEffect(() => {
    if (!open || !failed.current) return;
    failed.current = false;
    setRepeats((before) => before + 1);
  }, [open]);
  return { repeats, note };
}
