import { ask } from './ask.js';
import { type Patient, wait } from './patient.js';
import type { Finding } from './report.js';
import { readPieces } from './stream-check.js';

/** A stream that takes a connection for so long, and some round trips more, and how far into it a request is sent. */
const STREAM_MS = 1000;
const INTO_MS = 200;
/** Two answers that come together may be seen by the page in either order. An answer that did not wait is far before the end. */
const TOGETHER_MS = 250;
const PATIENCE_MS = 3000;

/** So often it is looked, where this machine was too late with its request to see anything. */
const LOOKS_MAX = 4;

/** Looks whether a request has to wait for a stream to end, twice. The browser's other tabs, or a proxy, hold the rest of the connections. */
export async function checkConnections(patient: Patient, roundTripMs: number): Promise<Finding | null> {
  let seen: Finding | null = null;
  for (let look = 0; look < LOOKS_MAX; look++) {
    const finding = await attempt(patient, roundTripMs);
    if (finding === null || (finding !== 'late' && seen !== null)) return finding;
    if (finding !== 'late') seen = finding;
  }
  return null;
}

/** @returns `'late'` where the request was answered with the end of the stream but did not wait for it: it was sent when the stream was nearly over */
async function attempt(patient: Patient, roundTripMs: number): Promise<Finding | 'late' | null> {
  const streamMs = STREAM_MS + Math.ceil(2 * roundTripMs);
  const patienceMs = streamMs + PATIENCE_MS + 4 * roundTripMs;
  const pieces = [0, streamMs].map((ms) => [ms, 64] as const);
  const stream = readPieces(patient, pieces, patienceMs);
  await wait(INTO_MS, patient.signal);
  const begun = performance.now();
  const answer = await ask(patient, patienceMs);
  const { ms } = answer;
  const answered = begun + ms;
  const { status, begun: streamBegun, ended } = await stream;
  const behind = answer.kind === 'ours' && answered >= streamBegun + ended - TOGETHER_MS;
  if (status !== 200 || !behind) return null;
  return ms < 300 + 2 * roundTripMs ? 'late' : { code: 'few_connections', evidence: { ms: Math.round(ms) } };
}
