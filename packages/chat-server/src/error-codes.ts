/** One refusal of the REST interface: what its code means, whether trying again can help, and its HTTP status. */
interface RestErrorCode {
  readonly meaning: string;
  readonly retryable: boolean;
  readonly status: number;
}

/** Codes are stable: clients branch on them. A code is never used for something else later. */
export const restErrorCodes = {
  invalid: {
    meaning: 'The request does not have the shape that the specification gives.',
    retryable: false,
    status: 400,
  },
  name_invalid: {
    meaning: 'A name has 2 to 32 letters, digits, dots, underscores or hyphens.',
    retryable: false,
    status: 400,
  },
  password_invalid: { meaning: 'A password has 8 to 256 characters.', retryable: false, status: 400 },
  credentials_wrong: { meaning: 'The name or the password is wrong.', retryable: false, status: 401 },
  unauthorized: { meaning: 'The bearer token is missing, has ended or was revoked.', retryable: false, status: 401 },
  registration_closed: { meaning: 'This place takes no new people by registration.', retryable: false, status: 403 },
  not_found: { meaning: 'There is nothing at this address.', retryable: false, status: 404 },
  name_taken: { meaning: 'Someone has this name.', retryable: false, status: 409 },
  too_large: { meaning: 'The request body is larger than the limit.', retryable: false, status: 413 },
  rate_limited: { meaning: 'Too many requests; try again after the time given.', retryable: true, status: 429 },
  internal: { meaning: 'The server failed; it has been logged.', retryable: true, status: 500 },
  busy: { meaning: 'Nothing happened; try again after the time given.', retryable: true, status: 503 },
} as const satisfies Record<string, RestErrorCode>;

export type RestErrorCodeName = keyof typeof restErrorCodes;

/** A refusal on its way to the one place that turns it into an answer. Carries no secret and no stack to the peer. */
export class RestRefusal extends Error {
  readonly code: RestErrorCodeName;
  readonly retryAfterMs: number | null;

  constructor(code: RestErrorCodeName, retryAfterMs: number | null = null) {
    super(restErrorCodes[code].meaning);
    this.name = 'RestRefusal';
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The body of every REST answer that is not a success. */
export interface RestErrorBody {
  readonly code: RestErrorCodeName;
  readonly retryable: boolean;
  readonly text: string;
  readonly retryAfterMs?: number;
}

export function restErrorBody(code: RestErrorCodeName, retryAfterMs: number | null): RestErrorBody {
  const { meaning, retryable } = restErrorCodes[code];
  return retryAfterMs === null ? { code, retryable, text: meaning } : { code, retryable, text: meaning, retryAfterMs };
}
