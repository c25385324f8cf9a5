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
  too_many: errorCodes.too_many,
  denied: errorCodes.denied,
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
  name_misleading: {
    en: 'This name may be taken for another one; write it in one script, and in plain letters where it reads as them.',
    zh: '该名称容易与其他名称混淆，请只用一种文字书写；看起来是英文字母的，请直接用英文字母。',
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
  invitation_required: {
    en: 'Registration here is by invitation; ask somebody who is in for a link.',
    zh: '此处须凭邀请注册，请向已在此处的人索取链接。',
    retryable: false,
    httpStatus: 403,
  },
  full: errorCodes.full,
  quota_exceeded: {
    en: 'Your files would take more room than you have here. Recall messages with files you no longer need.',
    zh: '你的文件将超出可用空间。请撤回不再需要的带文件的消息。',
    retryable: false,
    httpStatus: 413,
  },
  upload_unfinished: {
    en: 'The upload is not complete. Send what is missing, then ask again.',
    zh: '上传尚未完成。请传完剩余部分后重试。',
    retryable: true,
    httpStatus: 409,
  },
  name_taken: { en: 'This name is taken.', zh: '该名称已被使用。', retryable: false, httpStatus: 409 },
  link_ended: {
    en: 'This link is of no use any more: used, expired or revoked. Ask for a new one.',
    zh: '此链接已失效：已使用、已过期或已撤销。请索取新的链接。',
    retryable: false,
    httpStatus: 410,
  },
  last_administrator: {
    en: 'A place needs an administrator; name another one first.',
    zh: '至少需要一名管理员，请先指定另一位。',
    retryable: false,
    httpStatus: 409,
  },
  status_invalid: {
    en: 'A status has at most 100 visible characters on one line.',
    zh: '状态最多 100 个可见字符，且须为一行。',
    retryable: false,
    httpStatus: 400,
  },
  email_invalid: {
    en: 'This is no mail address; write it as name@example.org.',
    zh: '邮箱地址无效，格式应为 name@example.org。',
    retryable: false,
    httpStatus: 400,
  },
  password_missing: {
    en: 'This account has no password; set one by a link for a new password.',
    zh: '此账户没有密码，请通过重设密码的链接设置。',
    retryable: false,
    httpStatus: 409,
  },
  second_factor_required: {
    en: 'A code of the second factor is needed as well.',
    zh: '还需要输入两步验证码。',
    retryable: false,
    httpStatus: 401,
  },
  code_wrong: {
    en: 'The code is wrong or was used already; wait for the next one.',
    zh: '验证码错误或已使用，请等待下一个。',
    retryable: false,
    httpStatus: 401,
  },
  second_factor_set: {
    en: 'There is a second factor already; remove it first.',
    zh: '已启用两步验证，请先移除。',
    retryable: false,
    httpStatus: 409,
  },
  identity_refused: {
    en: 'The identity provider did not confirm this sign-in; begin again.',
    zh: '身份提供方未确认此次登录，请重新开始。',
    retryable: false,
    httpStatus: 401,
  },
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
