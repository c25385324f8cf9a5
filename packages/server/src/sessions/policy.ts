import { placeOf } from '../place-of.js';
import type { RawLink, RawLinkRequest } from '../raw/raw-link.js';
import type { WireSession } from '../wire-session.js';

/** Who asks; `claims` are those of this moment (SN-21). */
export type PolicySubject = WireSession | RawLink | RawLinkRequest;

/** What is asked for. `join`: a raw link that wants to hear a topic. `publish`: `session.publish`. */
export type PolicyAction =
  | { readonly kind: 'message'; readonly data: string | Uint8Array }
  | { readonly kind: 'request'; readonly data: string | Uint8Array }
  | { readonly kind: 'join'; readonly topic: string }
  | { readonly kind: 'publish'; readonly topic: string; readonly data: string | Uint8Array };

/** True lets it pass; a code of the application's refuses it. */
export type PolicyAnswer = true | string;

/** Lets single things pass or refuses them (SN-32). One that throws refuses with `internal`. */
export type Policy = (subject: PolicySubject, action: PolicyAction) => PolicyAnswer | Promise<PolicyAnswer>;

/** The policy, made safe: it never throws, and a promise of it is never rejected. */
export function createPolicy(
  policy: Policy | undefined,
  onNotice: (code: string, text: string) => void,
): Policy | undefined {
  if (policy === undefined) return undefined;
  const onFailed = (error: unknown): string => {
    onNotice('policy_failed', `The policy failed: ${placeOf(error)}`);
    return 'internal';
  };
  return (subject, action) => {
    try {
      const answer = policy(subject, action);
      return answer instanceof Promise ? answer.then(checked, onFailed) : checked(answer);
    } catch (error) {
      return onFailed(error);
    }
  };
}

/** What is neither true nor a code, such as a forgotten `return`, lets nothing pass. */
function checked(answer: unknown): PolicyAnswer {
  if (answer === true) return true;
  return typeof answer === 'string' && answer !== '' ? answer : 'refused';
}
