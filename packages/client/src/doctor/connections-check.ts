import { ask } from './ask.js';
import { type ExamineContext, wait } from './examine-context.js';
import type { Finding } from './report.js';
import { readPieces } from './stream-check.js';

/** Duration of the stream that occupies a connection (plus some round trips), and when a request is sent during it. */
const STREAM_MS = 1000;
const INTO_MS = 200;
/** Tolerance for two responses that arrive together, in either order. A request that did not wait is answered far earlier. */
const TOGETHER_MS = 250;
const PATIENCE_MS = 3000;

/** Maximum attempts, if this machine sent its request too late to observe anything. */
const LOOKS_MAX = 4;

/** Checks twice whether a request has to wait until a stream ends, because other tabs or a proxy use up the connections. */
export async function checkConnections(context: ExamineContext, roundTripMs: number): Promise<Finding | null> {
  let seen: Finding | null = null;
  for (let look = 0; look < LOOKS_MAX; look++) {
    const finding = await attempt(context, roundTripMs);
    if (finding === null || (finding !== 'late' && seen !== null)) return finding;
    if (finding !== 'late') seen = finding;
  }
  return null;
}

/** Makes one check. @returns `late` if the request was sent so late that its answer arrived with the end of the stream anyway */
async function attempt(context: ExamineContext, roundTripMs: number): Promise<Finding | 'late' | null> {
  const streamMs = STREAM_MS + Math.ceil(2 * roundTripMs);
  const patienceMs = streamMs + PATIENCE_MS + 4 * roundTripMs;
  const pieces = [0, streamMs].map((ms) => [ms, 64] as const);
  const stream = readPieces(context, pieces, patienceMs);
  await wait(INTO_MS, context.signal);
  const begun = performance.now();
  const answer = await ask(context, patienceMs);
  const { ms } = answer;
  const answered = begun + ms;
  const { status, begun: streamBegun, ended } = await stream;
  const behind = answer.kind === 'ours' && answered >= streamBegun + ended - TOGETHER_MS;
  if (status !== 200 || !behind) return null;
  return ms < 300 + 2 * roundTripMs ? 'late' : { code: 'few_connections', evidence: { ms: Math.round(ms) } };
}
