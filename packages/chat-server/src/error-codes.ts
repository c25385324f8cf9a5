import { chatErrorCodes, errorSentence, type MessageRow, type RestErrorCode } from '@everywire/chat';

/** A refusal. Routes throw it, and one error handler turns it into an answer, without any secret or stack trace. */
export class RestRefusal extends Error {
  readonly code: RestErrorCode;
  readonly retryAfterMs: number | null;
  /** For `edit_conflict`, the current message. */
  readonly row: MessageRow | null;

  constructor(code: RestErrorCode, retryAfterMs: number | null = null, row: MessageRow | null = null) {
    super(errorSentence(code, 'en'));
    this.name = 'RestRefusal';
    this.code = code;
    this.retryAfterMs = retryAfterMs;
    this.row = row;
  }
}

/** The body of every REST answer that is not a success. */
export interface RestErrorBody {
  readonly code: RestErrorCode;
  readonly retryable: boolean;
  /** A text for developers. Clients display their own text, which they choose by the code. */
  readonly text: string;
  readonly retryAfterMs?: number;
}

/** Returns the body for a refusal; `retryAfterMs` is left out if `null`. */
export function restErrorBody(code: RestErrorCode, retryAfterMs: number | null): RestErrorBody {
  const { retryable } = chatErrorCodes[code];
  const text = errorSentence(code, 'en');
  return retryAfterMs === null ? { code, retryable, text } : { code, retryable, text, retryAfterMs };
}
