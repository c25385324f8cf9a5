import { errorCodes } from '@everywire/chat';

/** One refusal of the REST interface: what its code means, whether trying again can help, and its HTTP status. */
interface RestErrorCode {
  readonly en: string;
  readonly zh: string;
  readonly retryable: boolean;
  readonly httpStatus: number;
}

/** What only REST can answer, beside the codes it shares with the commands of a session. A code is never given another meaning. */
export const restErrorCodes = {
  invalid: errorCodes.invalid,
  too_long: errorCodes.too_long,
  not_found: errorCodes.not_found,
  rate_limited: errorCodes.rate_limited,
  unauthenticated: errorCodes.unauthenticated,
  busy: errorCodes.busy,
  internal: errorCodes.internal,
  name_invalid: {
    en: 'A name has 2 to 32 letters, digits, dots, underscores or hyphens.',
    zh: '名称须为 2 至 32 个文字、数字、点、下划线或连字符。',
    retryable: false,
    httpStatus: 400,
  },
  password_invalid: {
    en: 'A password has 8 to 256 characters.',
    zh: '密码须为 8 至 256 个字符。',
    retryable: false,
    httpStatus: 400,
  },
  credentials_wrong: {
    en: 'The name or the password is wrong.',
    zh: '名称或密码错误。',
    retryable: false,
    httpStatus: 401,
  },
  registration_closed: {
    en: 'Registration is closed here.',
    zh: '此处未开放注册。',
    retryable: false,
    httpStatus: 403,
  },
  name_taken: { en: 'This name is taken.', zh: '该名称已被使用。', retryable: false, httpStatus: 409 },
} as const satisfies Record<string, RestErrorCode>;

export type RestErrorCodeName = keyof typeof restErrorCodes;

/** A refusal on its way to the one place that turns it into an answer. Carries no secret and no stack to the peer. */
export class RestRefusal extends Error {
  readonly code: RestErrorCodeName;
  readonly retryAfterMs: number | null;

  constructor(code: RestErrorCodeName, retryAfterMs: number | null = null) {
    super(restErrorCodes[code].en);
    this.name = 'RestRefusal';
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The body of every REST answer that is not a success. */
export interface RestErrorBody {
  readonly code: RestErrorCodeName;
  readonly retryable: boolean;
  /** For a developer who reads the answer; a page says it in its own words, by the code. */
  readonly text: string;
  readonly retryAfterMs?: number;
}

export function restErrorBody(code: RestErrorCodeName, retryAfterMs: number | null): RestErrorBody {
  const { en, retryable } = restErrorCodes[code];
  return retryAfterMs === null ? { code, retryable, text: en } : { code, retryable, text: en, retryAfterMs };
}
