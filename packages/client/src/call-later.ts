import { TIMER_MS_MAX } from './limits.js';

/** Calls `act` once after `ms` milliseconds, however many: `Infinity` never does. @returns a function that cancels the call */
export function callLater(ms: number, act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const wait = (leftMs: number): void => {
    const partMs = Math.min(leftMs, TIMER_MS_MAX);
    timer = setTimeout(() => (leftMs > partMs ? wait(leftMs - partMs) : act()), partMs);
  };
  wait(ms);
  return () => clearTimeout(timer);
}
