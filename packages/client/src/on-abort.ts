/**
 * Calls `act` when the signal is aborted; in a microtask if it is aborted already. @returns a function that stops
 * listening
 */
export function onAbort(signal: AbortSignal | undefined, act: () => void): () => void {
  if (signal?.aborted) queueMicrotask(act);
  signal?.addEventListener('abort', act, { once: true });
  return () => signal?.removeEventListener('abort', act);
}
