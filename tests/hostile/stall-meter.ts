import { readFileSync } from 'node:fs';

const TURN_MS = 5;
/** How many turns pass between two looks at the machine's pace. */
const PACE_TURNS = 20;
/** What a fixed piece of work goes through. It allocates nothing, for the rows measure memory too. */
const PIECE = Int32Array.from({ length: 1 << 16 }, (_, at) => at * 7);
/** Milliseconds the piece takes on the machine `STALL_MS_MAX` was measured on, while nothing else runs. */
const PIECE_MS = 0.36;
/** Nothing is forgiven beyond it: a machine that is slower still fails for another reason. */
const SLOWNESS_MAX = 3;
const mainThread = `/proc/self/task/${process.pid}/schedstat`;

/** How long a process stood still, how much it holds and what went wrong in it, since it was last asked. */
export interface Measured {
  /**
   * Milliseconds of processor time of the longest turn of the event loop, in time of the reference machine: what other processes take
   * makes it no longer, neither the time they run nor the caches and cores they share.
   */
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

function pieceMs(): number {
  const begun = performance.now();
  let sum = 0;
  for (let round = 0; round < 1; round += 1) for (const word of PIECE) sum = (Math.imul(sum, 31) + word) | 0;
  PIECE[0] = sum;
  return performance.now() - begun;
}

/** How many times as long as on the reference machine work took here meanwhile; 1 for a faster machine. */
function slowness(pieces: readonly number[]): number {
  const median = pieces.toSorted((one, other) => one - other)[pieces.length >> 1] ?? PIECE_MS;
  return Math.min(Math.max(median / PIECE_MS, 1), SLOWNESS_MAX);
}
