import type { ChatErrorCode } from '@everywire/chat';

/**
 * A stable code: the server's, or one of this device: `offline` (the server could not be reached), `interrupted` (the session
 * ended before the answer; the outbox retries commands with an id), `closed` (this client was closed).
 */
export type ChatFailureCode = ChatErrorCode | 'offline' | 'interrupted' | 'closed' | (string & {});

/** The error with which every promise of the SDK rejects. */
export class ChatFailure extends Error {
  readonly code: ChatFailureCode;
  /** Whether the same call, unchanged, may succeed later. */
  readonly retryable: boolean;

  constructor(code: ChatFailureCode, retryable: boolean) {
    super(code);
    this.name = 'ChatFailure';
    this.code = code;
    this.retryable = retryable;
  }
}
