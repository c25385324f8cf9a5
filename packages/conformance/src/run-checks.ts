import { type Check, ruleOf } from './check.js';
import { Examiner } from './examiner.js';
import { Mismatch } from './mismatch.js';
import { type ServerSettings, specifiedSettings } from './server-settings.js';
import type { Target } from './target.js';

export interface CheckResult {
  readonly name: string;
  readonly rules: readonly string[];
  readonly outcome: 'ok' | 'failed' | 'left out';
  /** Of what failed: what was looked at, what was expected, what was seen. Of what was left out: why. */
  readonly what?: string;
  readonly expected?: string;
  readonly seen?: string;
  readonly milliseconds: number;
}

export interface RunOptions {
  /** Only checks that hold one of these rules or parts; a rule stands for all of its parts. */
  readonly only?: ReadonlySet<string>;
  /** A check that has to wait longer by the rules is left out. Default 45 s, so that a run stays under a minute. */
  readonly waitMsMax?: number;
  /** Milliseconds a check may take besides what it has to wait by the rules. Default 30 s, for a network and a machine that are busy. */
  readonly deadlineMs?: number;
}

/** Checks under way at once: most of them wait. */
const AT_ONCE = 8;
/** Milliseconds for what is asked before the first check, and besides its waiting for each. */
const DEADLINE_MS = 30_000;

/** Runs the checks, the longest first. @throws Mismatch where the server opens no session at all. */
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
      const reason = leftOut(next, target, settings, waitMsMax, absent);
      const { name, rules } = next;
      if (reason === null) results.set(next, await runCheck(next, target, settings, deadlineMs));
      else results.set(next, { name, rules, outcome: 'left out', what: reason, milliseconds: 0 });
    }
  }

  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return chosen.map((check) => results.get(check) as CheckResult);
}

function leftOut(
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
  besidesMs: number,
): Promise<CheckResult> {
  const { name, rules } = check;
  const examiner = new Examiner(target, settings);
  const began = performance.now();
  const deadlineMs = check.waitMs(settings) + besidesMs;
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

/** Whether the server has that endpoint, for it answers the preflight (TR-1, TR-8), or the channels of a WebSocket (TR-51). */
async function has(examiner: Examiner, name: string): Promise<boolean> {
  if (name !== 'channels') return (await examiner.request({ method: 'OPTIONS', name })).status < 400;
  const { answer } = await examiner.webSocket({ 'Sec-WebSocket-Protocol': 'everywire.2, everywire.2.channels' });
  return answer.headers.get('sec-websocket-protocol') === 'everywire.2.channels';
}

/** Those of these that the server is without. */
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
    examiner.end('it is known what there is');
  }
}

/** What the server under test does not do as specified: its application says so (`docs/spec/conformance.md`). */
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
