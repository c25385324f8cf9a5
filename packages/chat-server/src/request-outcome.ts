import type { Answers, ChatErrorCode, Refused } from '@everywire/chat';

/** The answer to a client's request. */
export type RequestOutcome =
  | { readonly outcome: 'ok'; readonly body: Answers[keyof Answers] }
  /** `retryAfterMs`: milliseconds to wait, if known. */
  | (Refused & { readonly retryAfterMs?: number });

/** Returns a refusal with the code. */
export function refuse(code: ChatErrorCode): Refused {
  return { outcome: 'refused', code };
}
