import { callNow } from '@everywire/protocol/internal';

/**
 * Guards the application's clock: while it fails, time stands still.
 *
 * @param onFailed may ask the clock itself
 */
export function guardedClock(now: () => number, onFailed: (error: unknown) => void): () => number {
  let last = 0;
  let isFailing = false;
  return () => {
    try {
      const time: unknown = callNow('now', now);
      if (!Number.isFinite(time)) throw new TypeError('now must return milliseconds');
      last = time as number;
    } catch (error) {
      if (!isFailing) {
        isFailing = true;
        onFailed(error);
        isFailing = false;
      }
    }
    return last;
  };
}
