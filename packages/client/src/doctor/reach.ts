import { ask, type ProbeAnswer } from './ask.js';
import { type ExamineContext, within } from './examine-context.js';
import type { Finding, FindingCode } from './report.js';

/** Result of the check whether the server answers. */
export interface Reachability {
  /** Round trip of the fastest of a few requests, in milliseconds; `null` if none was answered. */
  readonly roundTripMs: number | null;
  /** Why no request was answered by the server; `null` if one was. */
  readonly finding: Finding | null;
}

/** Timeout of one request, in milliseconds. A firewall that drops packets can only be detected by a timeout. */
const PATIENCE_MS = 4000;
const SAMPLES = 3;
/** Timeout of all requests together, in milliseconds, so that the user gets the result within 5 s. */
const REACH_MS = 4800;

/** Checks whether the server answers, and what answers instead. Takes up to 4.8 s, however slow the answers are. */
export async function reach(context: ExamineContext): Promise<Reachability> {
  if (context.page?.startsWith('https:') && context.url.startsWith('http:') && !isLocal(context.url))
    return nothing('mixed_content');
  if (context.isOffline()) return nothing('offline');
  return within(REACH_MS, context, (signal) => sample({ ...context, signal }));
}

/** Sends a few requests and measures the round trip. Explains the failure if none is answered by our server. */
async function sample(context: ExamineContext): Promise<Reachability> {
  let shortest: number | null = null;
  let failure: ProbeAnswer | null = null;
  const begun = performance.now();
  for (let at = 0; at < SAMPLES; at++) {
    const answer = await ask(context, PATIENCE_MS);
    if (answer.kind === 'ours') shortest = Math.min(shortest ?? answer.ms, answer.ms);
    // An answer is more informative than a timeout.
    else if (answer.kind !== 'late' || failure === null) failure = answer;
    // A second timeout would reveal nothing new.
    if (answer.kind === 'late') break;
    // Ends early, because the explanation of a failure needs time for another request.
    if (shortest === null && performance.now() - begun > REACH_MS / 2) break;
  }
  if (shortest !== null) return { roundTripMs: shortest, finding: null };
  return { roundTripMs: null, finding: await explain(context, failure!) };
}

function nothing(code: FindingCode): Reachability {
  return { roundTripMs: null, finding: { code, evidence: {} } };
}

function isLocal(url: string): boolean {
  return /^(localhost|127\.|\[::1\])/.test(new URL(url).host);
}

/** Returns the finding for a request that was not answered by our server. */
async function explain(context: ExamineContext, answer: ProbeAnswer): Promise<Finding> {
  switch (answer.kind) {
    case 'late':
      return { code: 'no_answer', evidence: { ms: Math.round(answer.ms) } };
    case 'failed':
      return answer.code === undefined ? explainSilence(context) : explainError(answer.code);
    case 'other':
      return explainOther(context, answer);
    case 'ours':
      throw new Error('The server answered, so there is nothing to explain.');
  }
}

/**
 * Explains a failure in a browser, which gives no reason. A request in the mode `no-cors` at least shows whether
 * anything answers.
 */
async function explainSilence(context: ExamineContext): Promise<Finding> {
  const answers = await within(PATIENCE_MS, context, async (signal) => {
    try {
      await fetch(`${context.url}/doctor`, { method: 'POST', mode: 'no-cors', body: '', signal, credentials: 'omit' });
      return true;
    } catch {
      return false;
    }
  });
  const { page } = context;
  const { origin } = new URL(context.url);
  if (answers && page !== undefined && page !== origin) return { code: 'no_cors', evidence: { page } };
  return { code: answers ? 'connection_cut' : 'unreachable', evidence: {} };
}

/** Findings by the error codes of Node. */
const errors: Readonly<Record<string, FindingCode>> = {
  ECONNREFUSED: 'port_closed',
  ENOTFOUND: 'host_not_found',
  EAI_AGAIN: 'host_not_found',
  EHOSTUNREACH: 'no_answer',
  ENETUNREACH: 'no_answer',
  ETIMEDOUT: 'no_answer',
  UND_ERR_CONNECT_TIMEOUT: 'no_answer',
  CERT_HAS_EXPIRED: 'tls_expired',
  CERT_NOT_YET_VALID: 'tls_expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls_name',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls_untrusted',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls_untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls_untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'tls_untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls_untrusted',
  CERT_UNTRUSTED: 'tls_untrusted',
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls_missing',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'tls_missing',
};

function explainError(error: string): Finding {
  return { code: errors[error] ?? 'connection_cut', evidence: { error } };
}

/** Findings by the error codes of our server. */
const ours: Readonly<Record<string, FindingCode>> = {
  origin_refused: 'origin_refused',
  host_unknown: 'host_unknown',
  closing: 'closing',
  busy: 'busy',
};

type OtherAnswer = Extract<ProbeAnswer, { kind: 'other' }>;

/** Explains an answer that is not that of our server's doctor endpoint. */
async function explainOther(context: ExamineContext, answer: OtherAnswer): Promise<Finding> {
  const { status, code = '', location } = answer;
  const evidence = { status };
  const known = ours[code];
  if (known !== undefined) return { code: known, evidence: { ...evidence, ...pageOf(context) } };
  if (location !== null) return explainRedirect(context, location, status);
  if (status === 511) return { code: 'sign_in_page', evidence };
  if (status === 401 || status === 407) return { code: 'password_asked', evidence };
  if (status === 404 || status === 405 || status === 501) return explainMissing(context, answer);
  if (status === 403) return { code: 'method_refused', evidence };
  if (status >= 502 && status <= 504) return { code: 'gateway', evidence };
  // An HTML page as the answer to a POST. A server has no such page for an unknown path, but sign-in pages of networks
  // (captive portals) answer every request with one.
  if (status < 300 && isPage(answer)) return { code: 'sign_in_page', evidence };
  return { code: 'other_page', evidence: { ...evidence, ...(answer.type !== '' && { type: answer.type }) } };
}

function isPage({ type, body }: { readonly type: string; readonly body: string }): boolean {
  return type.startsWith('text/html') || /^\s*<(!doctype html|html)/i.test(body);
}

function pageOf({ page }: ExamineContext): Finding['evidence'] {
  return page === undefined ? {} : { page };
}

/**
 * Explains a redirect. If it leads to the same host, the address is wrong. If it leads to another host, a sign-in page
 * of the network wants to be shown first.
 */
async function explainRedirect(context: ExamineContext, location: string, status: number): Promise<Finding> {
  const from = new URL(context.url);
  const to = location === '' ? await followed(context) : target(location, from);
  if (to === null || to.hostname !== from.hostname)
    return { code: 'sign_in_page', evidence: { status, ...(to !== null && { host: to.host }) } };
  return { code: 'redirected', evidence: { to: to.origin + to.pathname.replace(/\/doctor$/, '') } };
}

/**
 * Follows a redirect to find its target, which a page cannot read otherwise. Works only for targets within the page's
 * own origin. Returns `null` if it fails.
 */
function followed(context: ExamineContext): Promise<URL | null> {
  return within(PATIENCE_MS, context, async (signal) => {
    try {
      return new URL((await fetch(`${context.url}/doctor`, { signal, credentials: 'omit' })).url);
    } catch {
      return null;
    }
  });
}

function target(location: string, from: URL): URL | null {
  try {
    return new URL(location, from);
  } catch {
    return null;
  }
}

const USUAL_PATH = '/everywire';

/** Explains a missing path. Checks whether the server is at its usual path. */
async function explainMissing(context: ExamineContext, { status, code }: OtherAnswer): Promise<Finding> {
  const usual = new URL(context.url).origin + USUAL_PATH;
  if (usual !== context.url) {
    const answer = await ask({ ...context, url: usual }, PATIENCE_MS);
    if (answer.kind === 'ours') return { code: 'wrong_path', evidence: { server: usual } };
  }
  const missing = code === 'not_found' ? 'no_doctor' : 'not_attached';
  return { code: status === 404 ? missing : 'method_refused', evidence: { status } };
}
