import { checkConnections } from './connections-check.js';
import type { ExamineContext } from './examine-context.js';
import { checkIdle } from './idle-check.js';
import { reach } from './reach.js';
import type { CheckOutcome, Finding, FindingCode, Report } from './report.js';
import { checkRepeats, checkSizes } from './request-checks.js';
import { checkStream } from './stream-check.js';
import { checkWebSocket } from './websocket-check.js';

/** Options of an examination. */
export interface ExamineOptions {
  /**
   * Milliseconds for which an idle connection is held, to find out whether something ends it; up to 60,000. Default 0:
   * not checked.
   */
  readonly quietMs?: number;
  /** Ends the examination. */
  readonly signal?: AbortSignal;
}

const QUIET_MS_MAX = 60_000;
/**
 * Milliseconds after the start of the examination. If no request was answered, no further WebSocket is tried after
 * them, because the user should get the report soon.
 */
const SILENT_MS = 4500;

/**
 * Examines the network path to a server, with a given platform. @throws RangeError for an invalid `quietMs`, and the
 * reason of an aborted `signal`
 */
export async function examineWith(
  url: string,
  platform: Pick<ExamineContext, 'connectWebSocket' | 'page' | 'isOffline'>,
  { quietMs = 0, signal = new AbortController().signal }: ExamineOptions,
): Promise<Report> {
  if (!Number.isInteger(quietMs) || quietMs < 0 || quietMs > QUIET_MS_MAX)
    throw new RangeError(`quietMs: ${quietMs} must be a whole number up to ${QUIET_MS_MAX}`);
  const context = { url, signal, ...platform };
  const at = Date.now();
  const begun = performance.now();
  const { roundTripMs, finding } = await reach(context);
  const seen =
    roundTripMs === null
      ? await examineSilent(context, finding!, begun + SILENT_MS)
      : await examineWay(context, roundTripMs, quietMs);
  signal.throwIfAborted();
  const tookMs = Math.round(performance.now() - begun);
  return { url, at, tookMs, roundTripMs: roundTripMs === null ? null : Math.round(roundTripMs), ...seen };
}

type Seen = Pick<Report, 'outcome' | 'transport' | 'checks' | 'findings'>;

/**
 * Completes the report if the server answers no request. A WebSocket may work nevertheless. `until`: when to stop
 * trying, by `performance.now()`.
 */
async function examineSilent(context: ExamineContext, finding: Finding, until: number): Promise<Seen> {
  const opens = MAY_OPEN.includes(finding.code) && (await checkWebSocket(context, 0, until)) === null;
  const [reach, rest] = ['failed', 'skipped'] as const;
  return {
    outcome: opens ? 'hindered' : 'blocked',
    transport: opens ? 'websocket' : null,
    checks: { reach, webSocket: opens ? 'passed' : rest, stream: rest, requests: rest, idle: rest },
    findings: [finding],
  };
}

/** Findings that concern only requests, so that a WebSocket may work. */
const MAY_OPEN: readonly FindingCode[] = [
  'no_doctor',
  'method_refused',
  'password_asked',
  'other_page',
  'no_cors',
  'connection_cut',
];

/**
 * Completes the report if the server answers. The checks by requests run one after the other, because with a single
 * connection the next one would wait for the one before. The WebSocket check runs at the same time, because it uses
 * another connection in any case.
 */
async function examineWay(context: ExamineContext, roundTripMs: number, quietMs: number): Promise<Seen> {
  const opening = checkWebSocket(context, roundTripMs);
  const sizes = await checkSizes(context, roundTripMs);
  const repeats = await checkRepeats(context, roundTripMs);
  const stream = await checkStream(context, roundTripMs);
  const connections = await checkConnections(context, roundTripMs);
  const idle = quietMs > 0 ? await checkIdle(context, quietMs, roundTripMs) : null;
  const webSocket = await opening;
  const findings = [webSocket, stream, sizes, repeats, connections, idle].filter((one) => one !== null);
  return {
    outcome: findings.length === 0 ? 'clear' : 'hindered',
    transport: transportFor(webSocket, stream ?? connections),
    checks: {
      reach: 'passed',
      webSocket: outcomeOf(webSocket),
      stream: outcomeOf(stream),
      requests: outcomeOf(sizes ?? repeats ?? connections),
      idle: quietMs > 0 ? outcomeOf(idle) : 'skipped',
    },
    findings,
  };
}

function outcomeOf(finding: Finding | null): CheckOutcome {
  return finding === null ? 'passed' : 'failed';
}

/** Returns the best transport that the findings permit. */
function transportFor(webSocket: Finding | null, stream: Finding | null): Report['transport'] {
  if (webSocket === null) return 'websocket';
  return stream === null ? 'fetch-stream' : 'long-poll';
}
