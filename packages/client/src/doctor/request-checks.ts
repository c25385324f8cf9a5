import { ask, type ProbeAnswer } from './ask.js';
import type { ExamineContext } from './examine-context.js';
import type { Finding } from './report.js';

type Ours = Extract<ProbeAnswer, { kind: 'ours' }>;

/**
 * Body sizes in bytes, ascending. The first is below the limit of the strictest firewalls, the last is the maximum that
 * a session posts.
 */
const SIZES = [500, 1000, 2000, 4000, 16_000, 60_000];
/** Timeout of one answer in milliseconds, in addition to four round trips. */
const PATIENCE_MS = 3000;

/**
 * Finds the size above which bodies do not pass: the first size that is refused twice while a small body passes.
 * Returns `null` if all sizes pass.
 */
export async function checkSizes(context: ExamineContext, roundTripMs: number): Promise<Finding | null> {
  const patienceMs = PATIENCE_MS + 4 * roundTripMs;
  let passed = 0;
  for (const bytes of SIZES) {
    const answer = await again(() => ask(context, patienceMs, { bytes }));
    if (answer.kind === 'ours') {
      passed = bytes;
      continue;
    }
    if ((await again(() => ask(context, patienceMs))).kind !== 'ours') return { code: 'unsteady', evidence: {} };
    // The limit of our server is not a problem of the path.
    if (answer.kind === 'other' && answer.code === 'body_too_large') return null;
    const status = answer.kind === 'other' ? { status: answer.status } : {};
    return { code: 'body_limited', evidence: { passed, refused: bytes, ...status } };
  }
  return null;
}

/** Calls a function once more if our server did not answer the first time. */
async function again(one: () => Promise<ProbeAnswer>): Promise<ProbeAnswer> {
  const first = await one();
  return first.kind === 'ours' ? first : one();
}

/**
 * Checks whether requests arrive more than once. Returns a finding only if two of three requests do, because a browser
 * may repeat one request after a closed connection.
 */
export async function checkRepeats(context: ExamineContext, roundTripMs: number): Promise<Finding | null> {
  const patienceMs = PATIENCE_MS + 4 * roundTripMs;
  let repeated = 0;
  let before: Ours | null = null;
  for (let at = 0; at < 3; at++) {
    const answer: ProbeAnswer = await ask(context, patienceMs, before === null ? {} : { of: before.id });
    if (answer.kind !== 'ours') continue;
    // Either this request arrived repeatedly, or the previous one was repeated after its first answer.
    if (answer.times > 1 || (answer.of ?? 1) > 1) repeated++;
    before = answer;
  }
  return repeated < 2 ? null : { code: 'posts_replayed', evidence: {} };
}
