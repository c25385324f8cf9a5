import { ask } from './ask.js';
import { type ExamineContext, wait } from './examine-context.js';
import type { Finding } from './report.js';
import { readPieces } from './stream-check.js';

/**
 * Milliseconds for which a stream occupies a connection (plus some round trips), and milliseconds after its start when
 * a request is sent.
 */
const STREAM_MS = 1000;
const INTO_MS = 200;
/**
 * Tolerance in milliseconds for two responses that arrive together, in either order. If a request did not have to wait,
 * its answer arrives far earlier than the end of the stream.
 */
const TOGETHER_MS = 250;
const PATIENCE_MS = 3000;

/** Maximum attempts. Further ones are needed if this machine sent its request too late to observe anything. */
const LOOKS_MAX = 4;

/**
 * Checks whether a request has to wait until a stream ends, because other tabs or a proxy use up the connections.
 * Returns a finding only if two attempts agree; `null` if there is no problem or it could not be observed.
 */
export async function checkConnections(context: ExamineContext, roundTripMs: number): Promise<Finding | null> {
  let seen: Finding | null = null;
  for (let look = 0; look < LOOKS_MAX; look++) {
    const finding = await attempt(context, roundTripMs);
    if (finding === null || (finding !== 'late' && seen !== null)) return finding;
    if (finding !== 'late') seen = finding;
  }
  return null;
}

/**
 * Makes one check. Returns a finding if the request had to wait, and `null` if it did not. Returns `late` if it was
 * sent so late that its answer would have arrived with the end of the stream in any case.
 */
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
