import { type Check, ruleOf } from './check.js';
import { Examiner } from './examiner.js';
import { Mismatch } from './mismatch.js';
import { type ServerSettings, specifiedSettings } from './server-settings.js';
import type { Target } from './target.js';

/** The result of one check. */
export interface CheckResult {
  readonly name: string;
  readonly rules: readonly string[];
  readonly outcome: 'ok' | 'failed' | 'skipped';
  /** For a failed check: the checked property. For a skipped check: the reason. */
  readonly what?: string;
  readonly expected?: string;
  readonly seen?: string;
  readonly milliseconds: number;
}

/** Selects the checks of a run and limits their time. */
export interface RunOptions {
  /** Runs only checks of these rules or parts. A rule selects all of its parts. */
  readonly only?: ReadonlySet<string>;
  /** Skips checks that must wait longer. Default 45 s, so that a run stays under a minute. */
  readonly waitMsMax?: number;
  /** Milliseconds that a check may take in addition to its waits. Default 30 s, for a busy network and machine. */
  readonly deadlineMs?: number;
}

/** Concurrent checks. Most of them wait. */
const CONCURRENT_CHECKS = 8;
/** Milliseconds for the requests before the first check, and for each check in addition to its waits. */
const DEADLINE_MS = 30_000;

/** Runs the checks, longest first. @throws Mismatch if the server opens no session */
export async function runChecks(
  target: Target,
  checks: readonly Check[],
  options: RunOptions = {},
): Promise<readonly CheckResult[]> {
  const settings = await askSettings(target);
  const { only, waitMsMax = 45_000, deadlineMs = DEADLINE_MS } = options;
  const chosen = checks.filter(
    ({ rules }) => only === undefined || rules.some((rule) => only.has(rule) || only.has(ruleOf(rule))),
  );
  const absent = await askAbsent(target, settings, new Set(chosen.flatMap(({ needs }) => needs ?? [])));
  const waiting = [...chosen].sort((a, b) => b.waitMs(settings) - a.waitMs(settings));
  const results = new Map<Check, CheckResult>();

  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const reason = skipReason(next, target, settings, waitMsMax, absent);
      const { name, rules } = next;
      if (reason === null) results.set(next, await runCheck(next, target, settings, deadlineMs));
      else results.set(next, { name, rules, outcome: 'skipped', what: reason, milliseconds: 0 });
    }
  }

  await Promise.all(Array.from({ length: CONCURRENT_CHECKS }, work));
  return chosen.map((check) => results.get(check) as CheckResult);
}

function skipReason(
  check: Check,
  target: Target,
  settings: ServerSettings,
  waitMsMax: number,
  absent: ReadonlySet<string>,
): string | null {
  if (check.needs !== null && absent.has(check.needs)) return `this server has no ${check.needs}`;
  if (check.needsTcp && target.tcp === undefined) return 'it needs --tcp';
  if (check.needsToken && target.token === undefined) return 'it needs --token';
  const waitMs = check.waitMs(settings);
  return waitMs > waitMsMax ? `it waits ${Math.round(waitMs / 1000)} s by the rules` : null;
}

async function runCheck(
  check: Check,
  target: Target,
  settings: ServerSettings,
  allowanceMs: number,
): Promise<CheckResult> {
  const { name, rules } = check;
  const examiner = new Examiner(target, settings);
  const began = performance.now();
  const deadlineMs = check.waitMs(settings) + allowanceMs;
  const timer = setTimeout(() => examiner.end(`nothing within ${deadlineMs} ms`), deadlineMs);
  const took = (): number => Math.round(performance.now() - began);
  try {
    await check.run(examiner);
    return { name, rules, outcome: 'ok', milliseconds: took() };
  } catch (error) {
    const { message: what } = error as Error;
    const { expected, seen } = error instanceof Mismatch ? error : { expected: 'no failure', seen: String(error) };
    return { name, rules, outcome: 'failed', what, expected, seen, milliseconds: took() };
  } finally {
    clearTimeout(timer);
    examiner.end('the check is over');
  }
}

/** Returns whether the server answers the preflight of an endpoint (TR-1, TR-8), or supports `channels` (TR-51). */
async function has(examiner: Examiner, name: string): Promise<boolean> {
  if (name !== 'channels') return (await examiner.request({ method: 'OPTIONS', name })).status < 400;
  const { answer } = await examiner.webSocket({ 'Sec-WebSocket-Protocol': 'everywire.2, everywire.2.channels' });
  return answer.headers.get('sec-websocket-protocol') === 'everywire.2.channels';
}

/** Returns the optional features among `names` that the server lacks. */
async function askAbsent(
  target: Target,
  settings: ServerSettings,
  names: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const examiner = new Examiner(target, settings);
  const timer = setTimeout(() => examiner.end(`nothing within ${DEADLINE_MS} ms`), DEADLINE_MS);
  const absent = new Set<string>();
  try {
    for (const name of names) if (!(await has(examiner, name))) absent.add(name);
    return absent;
  } finally {
    clearTimeout(timer);
    examiner.end('the optional features are known');
  }
}

/** Asks the application for the settings that differ from the specification (`docs/spec/conformance.md`). */
async function askSettings(target: Target): Promise<ServerSettings> {
  const examiner = new Examiner(target, specifiedSettings);
  const timer = setTimeout(() => examiner.end(`nothing within ${DEADLINE_MS} ms`), DEADLINE_MS);
  try {
    const session = await examiner.open();
    await session.up(['settings']);
    while (session.got.length === 0) await (await session.attach('long-poll')).ends();
    const changed = JSON.parse(String(session.got[0])) as Partial<ServerSettings>;
    return { ...specifiedSettings, ...changed, heartbeatMs: session.limits.heartbeatMs };
  } finally {
    clearTimeout(timer);
    examiner.end('the settings are known');
  }
}
