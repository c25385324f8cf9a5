import { readFileSync } from 'node:fs';

const TURN_MS = 5;
const mainThread = `/proc/self/task/${process.pid}/schedstat`;

/** How long a process stood still, how much it holds and what went wrong in it, since it was last asked. */
export interface Measured {
  /** Milliseconds of processor time of the longest turn of the event loop: what other processes take makes it no longer. */
  readonly stallMs: number;
  /** Bytes in use after a collection: heap, buffers and what else V8 knows of. */
  readonly bytes: number;
  readonly errors: readonly string[];
}

/** Begins to measure this process, which was started with `--expose-gc`, and answers how to read. */
export function measureStalls(): () => Measured {
  const errors: string[] = [];
  for (const event of ['uncaughtExceptionMonitor', 'unhandledRejection', 'warning'])
    process.on(event, (error: unknown) => errors.push(`${event}: ${String(error)}`));
  let stallMs = 0;
  let before = busyMs();
  setInterval(() => {
    const now = busyMs();
    stallMs = Math.max(stallMs, now - before);
    before = now;
  }, TURN_MS);
  return () => {
    const stalled = stallMs;
    // What the first frees is given back by the second.
    globalThis.gc?.();
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    before = busyMs();
    stallMs = 0;
    return { stallMs: stalled, bytes: heapUsed + external, errors };
  };
}

/** Of the thread of the event loop alone, as Linux counts it: what V8 compiles and collects on threads beside it makes nobody wait. */
function busyMs(): number {
  return Number(readFileSync(mainThread, 'utf8').split(' ', 1)[0]) / 1e6;
}
