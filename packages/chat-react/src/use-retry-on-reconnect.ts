import { useCallback, useEffect, useRef, useState } from 'react';
import { useChat } from './client-context.js';

interface Repeats {
  /**
   * A number that rises when the connection reopens after a failed request. An effect that depends on this number
   * repeats the request.
   */
  readonly repeats: number;
  /** Records whether the last request failed. This is always the same function, so effects need not depend on it. */
  readonly note: (failed: boolean) => void;
}

/**
 * Lets a component repeat a request that failed because there was no connection, once the connection is open. A request
 * that fails on an open connection is not repeated.
 */
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
