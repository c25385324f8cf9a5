import type { ServerLimits } from '../limits.js';
import { ANYONE, callSafely, withinTime } from '../sessions/authentication.js';
import { checkedClaims } from '../sessions/claims-fault.js';
import type { TickWheel } from '../tick-wheel.js';
import type { WireServerOptions } from '../wire-server.js';
import type { Claims } from '../wire-session.js';
import type { RawRefusal } from './raw-carrier.js';
import type { RawLinkKind, RawLinkRequest } from './raw-link.js';
import { areTopicsPossible } from './raw-request.js';

/** Who wants in; exactly one of the two is called, once. */
interface RawApplicant {
  admitted(claims: Claims, topics: readonly string[]): void;
  refused(code: RawRefusal): void;
}

export interface RawAsking {
  readonly kind: RawLinkKind;
  readonly topics: readonly string[];
  /** What a ticket stands for, or what there is to ask `authenticate` with. */
  readonly who: { readonly claims: Claims } | { readonly token: string | undefined };
  readonly origin: string | undefined;
  readonly remoteAddress: string;
}

export interface RawAdmissionOptions {
  readonly authenticate: WireServerOptions['authenticate'];
  readonly onRawLink: NonNullable<WireServerOptions['onRawLink']>;
  readonly limits: ServerLimits;
  readonly wheel: TickWheel;
  readonly isClosing: () => boolean;
  readonly onNotice: (code: string, text: string) => void;
}

export interface RawAdmission {
  ask(asking: RawAsking, applicant: RawApplicant): void;
  /** Answers under way for these are refused when they come: they may be older than this (SN-21). */
  revoke(match: (claims: Claims) => boolean): void;
}

type Match = (claims: Claims) => boolean;

/** Asks the application who a raw link is of and which topics it gets; each question within its time, so many at once. */
export function createRawAdmission(options: RawAdmissionOptions): RawAdmission {
  const { authenticate, onRawLink, limits, wheel, onNotice } = options;
  /** What was revoked while each question is under way. */
  const underWay = new Set<Match[]>();

  async function answerOf(asking: RawAsking): Promise<RawRefusal | { claims: Claims; topics: readonly string[] }> {
    const { kind, origin, remoteAddress, who } = asking;
    if (!areTopicsPossible(asking.topics, kind, limits)) return 'topic_invalid';
    const claims = 'claims' in who ? who.claims : checkedClaims(await authenticated(asking, who.token), onNotice);
    if (!claims || isExpired(claims)) return 'unauthorized';
    const request: RawLinkRequest = { kind, claims, topics: asking.topics, origin, remoteAddress };
    const topics = await withinTime(Promise.resolve(onRawLink(request)), wheel, limits.authenticateMs);
    if (topics === null || topics.length === 0) return 'refused';
    return areTopicsPossible(topics, kind, limits) ? { claims, topics } : 'topic_invalid';
  }

  async function authenticated(asking: RawAsking, token: string | undefined): Promise<Claims | null> {
    if (authenticate === undefined) return ANYONE;
    const { origin, remoteAddress } = asking;
    const answer = callSafely(authenticate, { token, origin, remoteAddress });
    return answer instanceof Promise ? withinTime(answer, wheel, limits.authenticateMs) : answer;
  }

  function ask(asking: RawAsking, applicant: RawApplicant): void {
    if (options.isClosing() || underWay.size >= limits.authenticationsMax) {
      applicant.refused(options.isClosing() ? 'closing' : 'busy');
      return;
    }
    const revoked: Match[] = [];
    underWay.add(revoked);
    answerOf(asking)
      .catch((error: unknown): RawRefusal => {
        onNotice('raw_link_failed', `authenticate or onRawLink: ${String(error)}`);
        return 'busy';
      })
      .then((answer) => {
        // Not before: until here a revocation has to reach it.
        underWay.delete(revoked);
        if (options.isClosing()) applicant.refused('closing');
        else if (typeof answer === 'string') applicant.refused(answer);
        else if (revoked.some((match) => match(answer.claims))) applicant.refused('unauthorized');
        else applicant.admitted(answer.claims, answer.topics);
      });
  }

  function revoke(match: Match): void {
    for (const revoked of underWay) revoked.push(match);
  }

  return { ask, revoke };
}

function isExpired({ expiresAt }: Claims): boolean {
  return expiresAt !== undefined && expiresAt <= Date.now();
}
