import type { Answers, ErrorCode, Refused } from '@everywire/chat';

/** What a client is told of its request. */
export type RequestOutcome =
  | { readonly outcome: 'ok'; readonly body: Answers[keyof Answers] }
  /** `retryAfterMs`: milliseconds to wait, where that is known. */
  | (Refused & { readonly retryAfterMs?: number });

export function refuse(code: ErrorCode): Refused {
  return { outcome: 'refused', code };
}
