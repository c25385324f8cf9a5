import { isThenable } from '@everywire/protocol/internal';
import { errorLocation } from '../error-location.js';
import type { RawLink, RawLinkRequest } from '../raw/raw-link.js';
import type { Claims, WireSession } from '../wire-session.js';

/** A client of a gateway: a socket of Socket.IO, or a connection of SockJS. */
export interface GatewayClient {
  /** A number below 0, unique in this process; safe in logs. */
  readonly serial: number;
  readonly claims: Claims;
}

/** The client that requests the action. Its `claims` are current (SN-21). */
export type PolicySubject = WireSession | RawLink | RawLinkRequest | GatewayClient;

/**
 * The requested action. `join`: a raw link subscribes to a topic, or a client of Socket.IO enters a namespace. `publish`:
 * `session.publish`. An event of Socket.IO is a `message`, whether or not its client waits for an answer.
 */
export type PolicyAction =
  | { readonly kind: 'message'; readonly data: string | Uint8Array }
  | { readonly kind: 'request'; readonly data: string | Uint8Array }
  | { readonly kind: 'join'; readonly topic: string }
  | { readonly kind: 'publish'; readonly topic: string; readonly data: string | Uint8Array };

/** True permits the action. A text refuses it; the text is an error code that the application defines. */
export type PolicyAnswer = true | string;

/** Permits or refuses single actions (SN-32). A policy that throws refuses with `internal`. */
export type Policy = (subject: PolicySubject, action: PolicyAction) => PolicyAnswer | Promise<PolicyAnswer>;

/** Wraps a policy so that it never throws and its promises never reject. */
export function createPolicy(
  policy: Policy | undefined,
  onNotice: (code: string, text: string) => void,
): Policy | undefined {
  if (policy === undefined) return undefined;
  const onFailed = (error: unknown): string => {
    onNotice('policy_failed', `The policy failed: ${errorLocation(error)}`);
    return 'internal';
  };
  return (subject, action) => {
    try {
      const answer = policy(subject, action);
      return isThenable(answer) ? Promise.resolve(answer).then(checked, onFailed) : checked(answer);
    } catch (error) {
      return onFailed(error);
    }
  };
}

/**
 * Returns the answer of a policy. Treats an invalid answer (for example `undefined` after a missing `return`) as a
 * refusal.
 */
function checked(answer: unknown): PolicyAnswer {
  if (answer === true) return true;
  return typeof answer === 'string' && answer !== '' ? answer : 'refused';
}
