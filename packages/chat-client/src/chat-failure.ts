import type { ErrorCode } from '@everywire/chat';

/**
 * Why something did not happen, with a stable code: one of the server's table, or one of this device's own: `offline` (the
 * server could not be reached), `interrupted` (the session ended before the answer; for a command with an id the outbox asks
 * again), `closed` (this client was closed).
 */
export type ChatFailureCode = ErrorCode | 'offline' | 'interrupted' | 'closed' | (string & {});

/** What every promise of the SDK rejects with. */
export class ChatFailure extends Error {
  readonly code: ChatFailureCode;
  /** The same call, unchanged, may succeed later. */
  readonly retryable: boolean;

  constructor(code: ChatFailureCode, retryable: boolean) {
    super(code);
    this.name = 'ChatFailure';
    this.code = code;
    this.retryable = retryable;
  }
}
