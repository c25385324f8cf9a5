import type { ExamineContext } from './examine-context.js';
import type { Finding } from './report.js';
import { readPieces } from './stream-check.js';

/**
 * Holds an idle stream for `quietMs` milliseconds and checks whether its last line arrives. Returns `null` if it does,
 * or if nothing could be observed.
 */
export async function checkIdle(
  context: ExamineContext,
  quietMs: number,
  roundTripMs: number,
): Promise<Finding | null> {
  const pieces = [0, quietMs].map((ms) => [ms, 64] as const);
  const { whole, ended, status } = await readPieces(context, pieces, quietMs + 4 * roundTripMs + 3000);
  if (whole || status !== 200 || context.signal.aborted) return null;
  return { code: 'idle_cut', evidence: { ms: Math.round(ended) } };
}
