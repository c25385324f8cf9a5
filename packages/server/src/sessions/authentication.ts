import {
  addresseeOf,
  callGuarded,
  isNonce,
  isThenable,
  type Message,
  type OpenRecord,
  type ServerLink,
} from '@everywire/protocol/internal';
import { ByAddress } from '../addresses/by-address.js';
import { addressKey } from '../addresses/remote-address.js';
import { errorLocation, isOurs } from '../error-location.js';
import type { LinkFacts } from '../gathering/link-host.js';
import type { ServerLimits } from '../limits.js';
import { createDeadline, type TimerWheel } from '../timer-wheel.js';
import type { AuthenticateRequest, WireServerOptions } from '../wire-server.js';
import type { Claims } from '../wire-session.js';
import { checkedClaims } from './claims-fault.js';

/** Options of `createAuthentication`. */
export interface AuthenticationOptions {
  readonly authenticate: WireServerOptions['authenticate'];
  readonly limits: Pick<ServerLimits, 'authenticateMs' | 'authenticationsMax' | 'sessionsMax' | 'retryAfterMs'>;
  readonly wheel: TimerWheel;
  readonly now: () => number;
  readonly sessionCount: () => number;
  readonly isClosing: () => boolean;
  readonly onNotice: (code: string, text: string) => void;
  /** Returns the subject of the session with this nonce, if any. */
  readonly subjectOf: (nonce: string) => string | undefined;
  /** Answers on the link, with a new session or with the one of this nonce. */
  readonly admit: (
    link: ServerLink,
    record: OpenRecord,
    messages: readonly Message[],
    admitted: AuthenticatedClient,
  ) => void;
}

/** An authenticated client. */
export interface AuthenticatedClient {
  readonly claims: Claims;
  /** When the claims expire, on this server's clock. */
  readonly expiresAt: number | undefined;
  /** The address of the client. */
  readonly remoteAddress: string;
}

/** A session whose token is renewed. */
interface Renewed {
  readonly serial: number;
  readonly claims: Claims;
  /** The token is valid for the same subject, until `expiresAt` on this server's clock. */
  onRenewed(claims: Claims, expiresAt: number): void;
}

/**
 * Asks the application for the identity of clients that open or renew a session. One call at a time for each nonce and
 * token, with a time limit.
 */
export interface Authentication {
  open(link: ServerLink, record: OpenRecord, messages: readonly Message[], facts: LinkFacts): void;
  renew(session: Renewed, token: string): void;
  /** Refuses pending requests with such claims, because their answers may be older than the revocation (SN-21). */
  revoke(match: Match): void;
  /** Returns the number of pending calls. */
  pending(): number;
}

type Match = (claims: Claims) => boolean;

/** One call of `authenticate`. */
interface Question {
  readonly answer: Promise<Claims | null> | Claims | null;
  readonly revoked: Match[];
}

/** The claims of all clients of a server without `authenticate`. */
export const ANYONE: Claims = { subject: '' };

/** Creates the authentication. */
export function createAuthentication(options: AuthenticationOptions): Authentication {
  const { limits, wheel, now, onNotice, admit } = options;
  /**
   * Pending calls. Two carriers of one client that race with one nonce share a call (SN-14). The key includes the
   * token, so that a known nonce admits no client by the answer to another client's token (SN-36).
   */
  const awaited = new Map<string, Question>();
  const underWay = new ByAddress<Question>();

  function open(link: ServerLink, record: OpenRecord, messages: readonly Message[], facts: LinkFacts): void {
    if (!isNonce(record.nonce)) {
      link.malformed(now());
      return;
    }
    if (options.isClosing()) {
      refuse(link, record, 'closing');
      return;
    }
    if (options.sessionCount() >= limits.sessionsMax) {
      onNotice('busy', `limits.sessionsMax (${limits.sessionsMax}) sessions are alive; new ones are refused.`);
      refuse(link, record, 'busy');
      return;
    }
    const { origin, remoteAddress } = facts;
    const request = { token: record.token ?? facts.bearer, origin, remoteAddress };
    const key = JSON.stringify([record.nonce, request]);
    const question = awaited.get(key) ?? ask(request, key);
    const conclude = (given: Claims | null): void => {
      const claims = checkedClaims(given, onNotice);
      const expiresAt = goodUntil(question, claims);
      if (claims === null || expiresAt === null || isOfAnother(record.nonce, claims))
        refuse(link, record, 'unauthorized');
      else if (options.isClosing()) refuse(link, record, 'closing');
      else admit(link, record, messages, { claims, expiresAt, remoteAddress });
    };
    whenAnswered(question, conclude, () => refuse(link, record, 'busy'));
  }

  function isOfAnother(nonce: string, { subject }: Claims): boolean {
    const owner = options.subjectOf(nonce);
    return owner !== undefined && owner !== subject;
  }

  /**
   * Asks the application for the claims of a new token. If the new token is invalid, the session continues until the
   * earlier token expires, and its client is asked for a token again.
   */
  function renew(session: Renewed, token: string): void {
    const { claims: renews } = session;
    const question = ask({ token, origin: undefined, remoteAddress: '', renews });
    const conclude = (given: Claims | null): void => {
      const claims = checkedClaims(given, onNotice);
      const expiresAt = goodUntil(question, claims);
      if (claims === null || expiresAt === null)
        onNotice('renewal_refused', `The token that session ${session.serial} renewed is no good.`);
      else if (claims.subject !== renews.subject)
        onNotice('renewal_refused', `Session ${session.serial} came with a token of another subject.`);
      else session.onRenewed(claims, expiresAt ?? Number.POSITIVE_INFINITY);
    };
    whenAnswered(question, conclude, () => undefined);
  }

  function revoke(match: Match): void {
    for (const { revoked } of underWay) revoked.push(lateMatch(match, onNotice));
  }

  /** @param key identifies the call, so that equal requests share it while it is pending */
  function ask(request: AuthenticateRequest, key?: string): Question {
    const revoked: Match[] = [];
    if (options.authenticate === undefined) return { answer: ANYONE, revoked };
    const address = addressKey(request.remoteAddress);
    if (underWay.refusalOf(address, limits.authenticationsMax) !== null)
      return { answer: Promise.reject(new LimitReached('limits.authenticationsMax reached')), revoked };
    const answer = callSafely(options.authenticate, request);
    if (!isThenable(answer)) return { answer, revoked };
    const question: Question = {
      answer: withinTime(answer, wheel, limits.authenticateMs).finally(() => {
        if (key !== undefined) awaited.delete(key);
      }),
      revoked,
    };
    underWay.add(question, address);
    if (key !== undefined) awaited.set(key, question);
    return question;
  }

  function whenAnswered(question: Question, conclude: (claims: Claims | null) => void, onFailed: () => void): void {
    const { answer } = question;
    const failed = (error: unknown): void => {
      underWay.delete(question);
      onNotice('authenticate_failed', `authenticate: ${reasonOf(error)}`);
      onFailed();
    };
    const answered = (claims: Claims | null): void => {
      // Removed only now, because a revocation must reach the call until its answer is used.
      underWay.delete(question);
      conclude(claims);
    };
    if (isThenable(answer)) answer.then(answered).catch(failed);
    else callGuarded(() => answered(answer), failed);
  }

  /**
   * Returns when the claims expire on this server's clock, `undefined` for never; `null` if they are missing, revoked
   * or expired.
   */
  function goodUntil({ revoked }: Question, claims: Claims | null): number | undefined | null {
    if (!claims || revoked.some((match) => match(claims))) return null;
    if (claims.expiresAt === undefined) return undefined;
    const leftMs = claims.expiresAt - Date.now();
    return leftMs > 0 ? now() + leftMs : null;
  }

  function refuse(link: ServerLink, record: OpenRecord, code: string): void {
    if (!link.open) return;
    const { retryAfterMs } = limits;
    const again = code === 'unauthorized' ? {} : { retryAfterMs };
    link.io.writeRecord({ t: 'refused', code, ...again, ...addresseeOf(record) });
    link.end('closed', now());
  }

  return { open, renew, revoke, pending: () => underWay.size };
}

/** A failure that is not one of the application. */
class LimitReached extends Error {}

/** Returns why `authenticate` failed. Omits the application's message, because it may quote the token. */
export function reasonOf(error: unknown): string {
  return isOurs(error, LimitReached) ? error.message : errorLocation(error);
}

/** Guards the `match` of a revocation, which is called once more after the answer. If it throws, the answer is refused. */
export function lateMatch(match: Match, onNotice: AuthenticationOptions['onNotice']): Match {
  return (claims) => {
    try {
      return match(claims);
    } catch (error) {
      onNotice('handler_failed', `The match of a revocation failed: ${errorLocation(error)}`);
      return true;
    }
  };
}

type Authenticate = NonNullable<WireServerOptions['authenticate']>;

/** Calls `authenticate`. Returns a rejected promise if it throws. */
export function callSafely(authenticate: Authenticate, request: Parameters<Authenticate>[0]): ReturnType<Authenticate> {
  try {
    const answer = authenticate(request);
    return isThenable(answer) ? Promise.resolve(answer) : answer;
  } catch (error) {
    return Promise.reject(error);
  }
}

/** Rejects after `timeMs` milliseconds without an answer. */
export function withinTime<T>(answer: Promise<T>, wheel: TimerWheel, timeMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const deadline = createDeadline(() => reject(new LimitReached('limits.authenticateMs has passed')));
    wheel.schedule(deadline, timeMs);
    answer.then(resolve, reject).finally(() => wheel.cancel(deadline));
  });
}
