import type { Connect } from '../transport.js';

/** The subject of an examination of the network path: the platform that examines it, and the server. */
export interface ExamineContext {
  /** Prefix of the server, see `toPrefix`. */
  readonly url: string;
  readonly connectWebSocket: Connect;
  /** The origin of the page; `undefined` outside of a page. */
  readonly page: string | undefined;
  /** Returns whether the platform knows that it has no network. */
  readonly isOffline: () => boolean;
  /** Ends the examination. */
  readonly signal: AbortSignal;
}

/** Resolves after `ms` milliseconds, or when the examination ends. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    if (signal.aborted) done();
    else signal.addEventListener('abort', done);
  });
}

/** Runs a function with a signal that aborts after `ms` milliseconds, or when the examination ends. */
export async function within<T>(
  ms: number,
  { signal }: Pick<ExamineContext, 'signal'>,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const end = (): void => abort.abort();
  const timer = setTimeout(end, ms);
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    return await run(abort.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}
