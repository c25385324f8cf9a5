import { readFileSync } from 'node:fs';

/** Milliseconds between two measurements of the event loop. */
const TURN_MS = 5;
/** How many ticks pass between two measurements of the machine's speed. */
const PACE_TURNS = 20;
/** The data of a fixed amount of work, which allocates nothing, because rows measure memory too. */
const PIECE = Int32Array.from({ length: 1 << 16 }, (_, at) => at * 7);
/** The duration of this work in milliseconds on the idle machine on which `STALL_MS_MAX` was measured. */
const PIECE_MS = 0.36;
/** The maximum slowdown that is compensated. On an even slower machine, tests fail for other reasons. */
const SLOWNESS_MAX = 3;
const mainThread = `/proc/self/task/${process.pid}/schedstat`;

/** The stalls, memory and failures of the process since the last report. */
export interface Measured {
  /**
   * The processor time in milliseconds of the longest tick of the event loop, in time of the reference machine: it does
   * not grow with the time, caches and cores that other processes use.
   */
  readonly stallMs: number;
  /** The bytes in use after a collection: heap, buffers and other memory known to V8. */
  readonly bytes: number;
  readonly errors: readonly string[];
}

/**
 * Begins to measure this process, which must be started with `--expose-gc`, and returns a function that reads the
 * measurements.
 */
export function measureStalls(): () => Measured {
  const errors: string[] = [];
  for (const event of ['uncaughtExceptionMonitor', 'unhandledRejection', 'warning'])
    process.on(event, (error: unknown) => errors.push(`${event}: ${String(error)}`));
  let stallMs = 0;
  let before = busyMs();
  let pieces: number[] = [];
  let turns = 0;
  setInterval(() => {
    const now = busyMs();
    stallMs = Math.max(stallMs, now - before);
    before = now;
    turns += 1;
    if (turns % PACE_TURNS === 0) pieces.push(pieceMs());
  }, TURN_MS);
  return () => {
    const stalled = stallMs / slowness(pieces);
    pieces = [];
    // The second collection releases what the first one freed.
    globalThis.gc?.();
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    before = busyMs();
    stallMs = 0;
    return { stallMs: stalled, bytes: heapUsed + external, errors };
  };
}

/**
 * Returns the time of the event loop's thread only, as counted by Linux: compilation and collection on other threads
 * delay no one.
 */
function busyMs(): number {
  return Number(readFileSync(mainThread, 'utf8').split(' ', 1)[0]) / 1e6;
}

/** Measures the duration of the fixed work. */
function pieceMs(): number {
  const begun = performance.now();
  let sum = 0;
  for (let round = 0; round < 1; round += 1) for (const word of PIECE) sum = (Math.imul(sum, 31) + word) | 0;
  PIECE[0] = sum;
  return performance.now() - begun;
}

/** Returns how many times as long as on the reference machine work took in the meantime; 1 for a faster machine. */
function slowness(pieces: readonly number[]): number {
  const median = pieces.toSorted((one, other) => one - other)[pieces.length >> 1] ?? PIECE_MS;
  return Math.min(Math.max(median / PIECE_MS, 1), SLOWNESS_MAX);
}
