import type { Message, OpenRecord, ServerLink } from '@everywire/protocol/internal';
import type { LinkFacts } from '../gathering/link-host.js';
import type { ServerLimits } from '../limits.js';
import { createDeadline, type TickWheel } from '../tick-wheel.js';
import type { AuthenticateRequest, WireServerOptions } from '../wire-server.js';
import type { Claims } from '../wire-session.js';

export interface AuthenticationOptions {
  readonly authenticate: WireServerOptions['authenticate'];
  readonly limits: Pick<ServerLimits, 'authenticateMs' | 'authenticationsMax' | 'sessionsMax'>;
  readonly wheel: TickWheel;
  readonly now: () => number;
  readonly sessionCount: () => number;
  readonly isClosing: () => boolean;
  readonly onNotice: (code: string, text: string) => void;
  /** Answers on the link, with a new session or with the one this nonce already has. */
  readonly admit: (link: ServerLink, record: OpenRecord, messages: readonly Message[], admitted: Admitted) => void;
}

/** Who was let in. */
export interface Admitted {
  readonly claims: Claims;
  /** When they end, on this server's clock. */
  readonly expiresAt: number | undefined;
  /** Where it was asked from. */
  readonly remoteAddress: string;
}

/** A living session whose token is renewed. */
interface Renewed {
  readonly serial: number;
  readonly claims: Claims;
  /** The token is good: for the same subject, until then on this server's clock. */
  onRenewed(claims: Claims, expiresAt: number): void;
}

/** Asks the application who opens a session, once per nonce at a time, and never for longer than it may take. */
export interface Authentication {
  open(link: ServerLink, record: OpenRecord, messages: readonly Message[], facts: LinkFacts): void;
  renew(session: Renewed, token: string): void;
  /** Answers under way for these are refused when they come: they may be older than this (SN-21). */
  revoke(match: Match): void;
}

type Match = (claims: Claims) => boolean;

/** One call of `authenticate`. */
interface Question {
  readonly answer: Promise<Claims | null> | Claims | null;
  readonly revoked: Match[];
}

export const ANYONE: Claims = { subject: '' };

export function createAuthentication(options: AuthenticationOptions): Authentication {
  const { limits, wheel, now, onNotice, admit } = options;
  /** Two carriers that race with one nonce are one session, and so one question (SN-14). */
  const byNonce = new Map<string, Question>();
  const underWay = new Set<Question>();

  function open(link: ServerLink, record: OpenRecord, messages: readonly Message[], facts: LinkFacts): void {
    if (options.isClosing()) {
      refuse(link, 'closing');
      return;
    }
    if (options.sessionCount() >= limits.sessionsMax) {
      onNotice('busy', `limits.sessionsMax (${limits.sessionsMax}) sessions are alive; new ones are refused.`);
      refuse(link, 'busy');
      return;
    }
    const { origin, remoteAddress } = facts;
    const question =
      byNonce.get(record.nonce) ?? ask({ token: record.token ?? facts.bearer, origin, remoteAddress }, record.nonce);
    const conclude = (claims: Claims | null): void => {
      const expiresAt = goodUntil(question, claims);
      if (claims === null || expiresAt === null) refuse(link, 'unauthorized');
      else if (options.isClosing()) refuse(link, 'closing');
      else admit(link, record, messages, { claims, expiresAt, remoteAddress });
    };
    whenAnswered(question, conclude, () => refuse(link, 'busy'));
  }

  /** A token that is no good changes nothing: the session goes on until the one it has runs out, and is asked again. */
  function renew(session: Renewed, token: string): void {
    const { claims: renews } = session;
    const question = ask({ token, origin: undefined, remoteAddress: '', renews });
    const conclude = (claims: Claims | null): void => {
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
    for (const { revoked } of underWay) revoked.push(match);
  }

  function ask(request: AuthenticateRequest, nonce?: string): Question {
    const revoked: Match[] = [];
    if (options.authenticate === undefined) return { answer: ANYONE, revoked };
    if (underWay.size >= limits.authenticationsMax)
      return { answer: Promise.reject(new Error('limits.authenticationsMax reached')), revoked };
    const answer = callSafely(options.authenticate, request);
    if (!(answer instanceof Promise)) return { answer, revoked };
    const question: Question = {
      answer: withinTime(answer, wheel, limits.authenticateMs).finally(() => {
        if (nonce !== undefined) byNonce.delete(nonce);
      }),
      revoked,
    };
    underWay.add(question);
    if (nonce !== undefined) byNonce.set(nonce, question);
    return question;
  }

  function whenAnswered(question: Question, conclude: (claims: Claims | null) => void, onFailed: () => void): void {
    const { answer } = question;
    if (!(answer instanceof Promise)) {
      conclude(answer);
      return;
    }
    answer.then(
      (claims) => {
        // Not before: until here a revocation has to reach it.
        underWay.delete(question);
        conclude(claims);
      },
      (error: unknown) => {
        underWay.delete(question);
        onNotice('authenticate_failed', `authenticate: ${String(error)}`);
        onFailed();
      },
    );
  }

  /** When the claims end on this server's clock, `undefined` for never; `null` where there are none, revoked meanwhile, or at their end. */
  function goodUntil({ revoked }: Question, claims: Claims | null): number | undefined | null {
    if (!claims || revoked.some((match) => match(claims))) return null;
    if (claims.expiresAt === undefined) return undefined;
    const leftMs = claims.expiresAt - Date.now();
    return leftMs > 0 ? now() + leftMs : null;
  }

  function refuse(link: ServerLink, code: string): void {
    if (!link.open) return;
    link.io.writeRecord({ t: 'refused', code });
    link.end('closed', now());
  }

  return { open, renew, revoke };
}

type Authenticate = NonNullable<WireServerOptions['authenticate']>;

/** An `authenticate` that throws is one whose promise was rejected. */
export function callSafely(authenticate: Authenticate, request: Parameters<Authenticate>[0]): ReturnType<Authenticate> {
  try {
    return authenticate(request);
  } catch (error) {
    return Promise.reject(error);
  }
}

export function withinTime<T>(answer: Promise<T>, wheel: TickWheel, timeMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const deadline = createDeadline(() => reject(new Error('limits.authenticateMs has passed')));
    wheel.schedule(deadline, timeMs);
    answer.then(resolve, reject).finally(() => wheel.cancel(deadline));
  });
}
