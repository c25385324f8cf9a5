/**
 * Preloaded by `--import` into everything that `npm start` runs, but active only in the server. Reports over a local
 * socket what the process holds, and the processor time of the longest tick of its event loop since the last report.
 */
import { createServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { measureStalls } from './stall-meter.js';

/** A report of the server process. */
export interface ProbeReport {
  readonly pid: number;
  /** The bytes of the heap after a collection. */
  readonly heap: number;
  readonly stallMs: number;
  readonly errors: readonly string[];
}

if (process.argv[1]?.endsWith('scripts/start.mjs')) {
  setFlagsFromString('--expose-gc');
  globalThis.gc = runInNewContext('gc') as NonNullable<typeof globalThis.gc>;
  const measured = measureStalls();
  createServer((socket) => {
    const { bytes: _, ...stalls } = measured();
    const report: ProbeReport = { pid: process.pid, heap: process.memoryUsage().heapUsed, ...stalls };
    socket.end(JSON.stringify(report));
  }).listen(process.env['TEST_PROBE']);
}
