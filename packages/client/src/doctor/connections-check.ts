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

/** Looks whether a request has to wait for a stream to end, twice. The browser's other tabs, or a proxy, hold the rest of the connections. */
export async function checkConnections(patient: Patient, roundTripMs: number): Promise<Finding | null> {
  const finding = await attempt(patient, roundTripMs);
  return finding && attempt(patient, roundTripMs);
}

async function attempt(patient: Patient, roundTripMs: number): Promise<Finding | null> {
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
  if (status !== 200 || !behind || ms < 300 + 2 * roundTripMs) return null;
  return { code: 'few_connections', evidence: { ms: Math.round(ms) } };
}
