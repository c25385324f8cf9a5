import type { Connect } from '../transport.js';

/** What an examination is made with: the platform, and the way to one server. */
export interface Patient {
  /** Prefix of the server, see `toPrefix`. */
  readonly url: string;
  readonly connectWebSocket: Connect;
  /** The origin of the page; `undefined` where no page asks. */
  readonly page: string | undefined;
  /** Whether the platform knows that it has no network. */
  readonly isOffline: () => boolean;
  /** Ends all of it. */
  readonly signal: AbortSignal;
}

/** Resolves after so long, or with the end of the examination. */
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

/** Gives what is done a signal that comes after so long, or with the end of the examination. */
export async function within<T>(
  ms: number,
  { signal }: Pick<Patient, 'signal'>,
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
