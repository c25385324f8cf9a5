import type { CarrierEvents } from '../transport.js';
import { type ExamineContext, wait } from './examine-context.js';
import type { Finding, FindingCode } from './report.js';

/**
 * Milliseconds for which the WebSocket must stay open. Intermediaries (proxies, firewalls) that end one usually do so
 * immediately.
 */
const STAY_MS = 2000;
/** Milliseconds between two probes, which the server must answer. */
const PROBE_MS = 200;
/** Content of a probe, as long as that of a session (SN-10.1). */
const PAD = 'x'.repeat(2048);
/** Timeout of the first answer in milliseconds, in addition to four round trips. */
const PATIENCE_MS = 1500;

/**
 * Opens a WebSocket and sends probes on it for a while, without a session. Returns `null` if one of three attempts
 * works. If the attempts have different findings, returns that of the attempt that got furthest, because a WebSocket
 * may be ended before its opening is noticed.
 *
 * @param until time by `performance.now()` after which only the first attempt begins
 */
export async function checkWebSocket(
  context: ExamineContext,
  roundTripMs: number,
  until: number = Number.POSITIVE_INFINITY,
): Promise<Finding | null> {
  const findings: Finding[] = [];
  for (let at = 0; at < 3; at++) {
    const finding = await attempt(context, roundTripMs);
    if (finding === null || context.signal.aborted) return null;
    findings.push(finding);
    // After the WebSocket has opened twice with the same kind of problem, it is no coincidence.
    if (findings.filter(({ code }) => rank[code]! >= OPENED).length === 2) break;
    if (performance.now() >= until) break;
  }
  return findings.reduce((one, other) => (rank[other.code]! > rank[one.code]! ? other : one));
}

/** How far the WebSocket got with each finding. */
const rank: Partial<Record<FindingCode, number>> = {
  websocket_refused: 0,
  websocket_stripped: 1,
  websocket_silent: 2,
  websocket_dies: 3,
};
const OPENED = 2;

/** Opens one WebSocket and sends probes. Resolves with `null` if it stays open and probes are answered. */
function attempt(context: ExamineContext, roundTripMs: number): Promise<Finding | null> {
  const { signal } = context;
  const done = new AbortController();
  const begun = performance.now();
  const ms = (): number => Math.round(performance.now() - begun);
  let opened = false;
  let echoes = 0;
  const finding = new Promise<Finding | null>((resolve) => {
    const events: CarrierEvents = {
      onOpened: () => {
        opened = true;
        void probe();
      },
      onRecord: () => void echoes++,
      onMessage: () => undefined,
      onEnded: (_whole, _reason, facts) => {
        if (opened) resolve({ code: 'websocket_dies', evidence: { ms: ms() } });
        else resolve(refusal(facts?.status, facts?.code));
      },
    };
    const request = { url: context.url, head: undefined, messages: [], fetch: undefined, messageBytesMax: 65_536 };
    const carrier = context.connectWebSocket(request, events);
    const probe = async (): Promise<void> => {
      const until = performance.now() + STAY_MS;
      while (!done.signal.aborted && performance.now() < until) {
        carrier.writeRecord?.({ t: 'probe', pad: PAD });
        await wait(PROBE_MS, done.signal);
      }
      if (echoes > 0) resolve(null);
    };
    const patienceMs = PATIENCE_MS + 4 * roundTripMs;
    void wait(patienceMs, done.signal).then(async () => {
      if (opened && echoes > 0) return;
      if (opened) resolve({ code: 'websocket_silent', evidence: { ms: ms() } });
      else resolve({ code: 'websocket_refused', evidence: { ms: ms() } });
    });
    signal.addEventListener('abort', () => resolve(null));
    done.signal.addEventListener('abort', () => carrier.close());
  });
  return finding.finally(() => done.abort());
}

/**
 * Returns the finding of a refusal. The server answers with these codes if a handshake has lost its Upgrade header on
 * the path (TR-1.5, TR-16.4).
 */
function refusal(status?: number, code?: string): Finding {
  const stripped = code === 'upgrade_required' || code === 'connection_upgrade_required';
  return {
    code: stripped ? 'websocket_stripped' : 'websocket_refused',
    evidence: { ...(status !== undefined && { status }), ...(code !== undefined && { code }) },
  };
}
