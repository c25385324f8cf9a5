import type { ChatErrorCode } from '@everywire/chat';

/**
 * A stable code, either from the server or from this client. Codes of this client: `offline` (the server could not be
 * reached), `interrupted` (the session ended before the answer arrived; the outbox retries commands that have an id),
 * `closed` (the application closed this client).
 */
export type ChatFailureCode = ChatErrorCode | 'offline' | 'interrupted' | 'closed' | (string & {});

/** The error with which every promise of the SDK rejects. */
export class ChatFailure extends Error {
  readonly code: ChatFailureCode;
  /** Whether a later call with the same arguments may succeed. */
  readonly retryable: boolean;

  constructor(code: ChatFailureCode, retryable: boolean) {
    super(code);
    this.name = 'ChatFailure';
    this.code = code;
    this.retryable = retryable;
  }
}
