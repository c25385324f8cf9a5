/** What is used of an `AbortSignal`. */
interface Abortable {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
}

/** The functions that wait for each signal. A signal has one listener of ours, because Node warns of a leak from the eleventh on. */
const waiting: WeakMap<Abortable, Set<() => void>> = new WeakMap();

/**
 * Calls `act` when the signal is aborted; in a microtask if it is aborted already. @returns a function that stops
 * listening
 */
export function onAbort(signal: Abortable | undefined, act: () => void): () => void {
  if (!signal) return () => undefined;
  // First, because it throws for what is no signal.
  const acts = waiting.get(signal) ?? listenTo(signal);
  if (signal.aborted) Promise.resolve().then(act);
  acts.add(act);
  return () => acts.delete(act);
}

function listenTo(signal: Abortable): Set<() => void> {
  const acts = new Set<() => void>();
  signal.addEventListener('abort', () => {
    for (const act of acts) act();
  });
  waiting.set(signal, acts);
  return acts;
}
