import { isThenable } from '@everywire/protocol/internal';
import { ByAddress } from '../addresses/by-address.js';
import { addressKey } from '../addresses/remote-address.js';
import type { ServerLimits } from '../limits.js';
import type { TimerWheel } from '../timer-wheel.js';
import type { WireServerOptions } from '../wire-server.js';
import type { Claims } from '../wire-session.js';
import { ANYONE, callSafely, lateMatch, withinTime } from './authentication.js';
import { checkedClaims } from './claims-fault.js';

/** Why a client without a session (of a raw link or a gateway) is refused. The codes are stable. */
export type AdmissionRefusal = 'unauthorized' | 'refused' | 'topic_invalid' | 'busy' | 'closing';

/** Receives the decision: exactly one of the two is called, once. */
export interface Applicant<Granted> {
  admitted(claims: Claims, granted: Granted): void;
  refused(code: AdmissionRefusal): void;
}

/** A client's request for admission. */
export interface AdmissionRequest {
  /** The claims of a ticket, or the token for `authenticate`. */
  readonly who: { readonly claims: Claims } | { readonly token: string | undefined };
  readonly origin: string | undefined;
  readonly remoteAddress: string;
}

/** Returns the rights of a client with these claims; a code or `null` refuses the client. */
type Grant<Granted> = (
  claims: Claims,
) => Promise<Granted | AdmissionRefusal | null> | Granted | AdmissionRefusal | null;

/** Options of `createAdmission`. */
export interface AdmissionOptions {
  readonly authenticate: WireServerOptions['authenticate'];
  readonly limits: Pick<ServerLimits, 'authenticateMs' | 'authenticationsMax'>;
  readonly wheel: TimerWheel;
  readonly isClosing: () => boolean;
  readonly onNotice: (code: string, text: string) => void;
  /** Called when a function of the application has thrown. */
  readonly onFailed: (error: unknown) => void;
}

/** Admits or refuses clients without a session. */
export interface Admission<Granted> {
  ask(asking: AdmissionRequest, grant: Grant<Granted>, applicant: Applicant<Granted>): void;
  /** Refuses pending requests with such claims, because their answers may be older than the revocation (SN-21). */
  revoke(match: (claims: Claims) => boolean): void;
  /** Returns the number of pending requests. */
  pending(): number;
}

type Match = (claims: Claims) => boolean;

/**
 * Creates the admission, which asks the application for the identity and the rights of a client without a session. Time
 * and number of calls are limited.
 */
export function createAdmission<Granted extends object>(options: AdmissionOptions): Admission<Granted> {
  const { authenticate, limits, wheel } = options;
  /** The revocations since the start of each pending request. */
  const underWay = new ByAddress<Match[]>();

  async function answerOf(
    asking: AdmissionRequest,
    grant: Grant<Granted>,
  ): Promise<AdmissionRefusal | { claims: Claims; granted: Granted }> {
    const { who } = asking;
    const claims =
      'claims' in who ? who.claims : checkedClaims(await authenticated(asking, who.token), options.onNotice);
    if (!claims || isExpired(claims)) return 'unauthorized';
    const granted = await withinTime(Promise.resolve(grant(claims)), wheel, limits.authenticateMs);
    if (granted === null) return 'refused';
    return typeof granted === 'string' ? granted : { claims, granted };
  }

  async function authenticated(asking: AdmissionRequest, token: string | undefined): Promise<Claims | null> {
    if (authenticate === undefined) return ANYONE;
    const { origin, remoteAddress } = asking;
    const answer = callSafely(authenticate, { token, origin, remoteAddress });
    return isThenable(answer) ? withinTime(answer, wheel, limits.authenticateMs) : answer;
  }

  function ask(asking: AdmissionRequest, grant: Grant<Granted>, applicant: Applicant<Granted>): void {
    const address = addressKey(asking.remoteAddress);
    if (options.isClosing() || underWay.refusalOf(address, limits.authenticationsMax) !== null) {
      applicant.refused(options.isClosing() ? 'closing' : 'busy');
      return;
    }
    const revoked: Match[] = [];
    underWay.add(revoked, address);
    answerOf(asking, grant)
      .catch((error: unknown): AdmissionRefusal => {
        options.onFailed(error);
        return 'busy';
      })
      .then((answer) => {
        // Removed only now, because a revocation must reach the request until its answer is used.
        underWay.delete(revoked);
        if (options.isClosing()) applicant.refused('closing');
        else if (typeof answer === 'string') applicant.refused(answer);
        else if (isExpired(answer.claims) || revoked.some((match) => match(answer.claims)))
          applicant.refused('unauthorized');
        else applicant.admitted(answer.claims, answer.granted);
      });
  }

  function revoke(match: Match): void {
    for (const revoked of underWay) revoked.push(lateMatch(match, options.onNotice));
  }

  return { ask, revoke, pending: () => underWay.size };
}

function isExpired({ expiresAt }: Claims): boolean {
  return expiresAt !== undefined && expiresAt <= Date.now();
}
