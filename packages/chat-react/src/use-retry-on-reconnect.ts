import { useCallback, useEffect, useRef, useState } from 'react';
import { useChat } from './client-context.js';

interface Repeats {
  /** Rises when the connection reopens after a failed request. An effect that depends on it repeats the request. */
  readonly repeats: number;
  /** Records whether the last request failed. Stable: effects need not depend on it. */
  readonly note: (failed: boolean) => void;
}

/** Repeats a request that failed without a connection, once it is open. Does not repeat failures on an open connection. */
export function useRetryOnReconnect(): Repeats {
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
