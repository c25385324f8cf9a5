import type { Patient } from './patient.js';
import type { Finding } from './report.js';
import { readPieces } from './stream-check.js';

/** Holds a stream on which nothing passes for so long, and looks whether its last line comes. */
export async function checkIdle(patient: Patient, quietMs: number, roundTripMs: number): Promise<Finding | null> {
  const pieces = [0, quietMs].map((ms) => [ms, 64] as const);
  const { whole, ended, status } = await readPieces(patient, pieces, quietMs + 4 * roundTripMs + 3000);
  if (whole || status !== 200 || patient.signal.aborted) return null;
  return { code: 'idle_cut', evidence: { ms: Math.round(ended) } };
}
