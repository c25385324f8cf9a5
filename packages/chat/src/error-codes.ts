export type ErrorCode =
  | 'invalid'
  | 'too_long'
  | 'too_many'
  | 'not_found'
  | 'not_member'
  | 'denied'
  | 'id_reused'
  | 'edit_conflict'
  | 'too_late'
  | 'blocked'
  | 'invite_ended'
  | 'search_empty'
  | 'search_filter'
  | 'search_date'
  | 'search_has'
  | 'search_from'
  | 'search_in'
  | 'rate_limited'
  | 'unauthenticated'
  | 'busy'
  | 'full'
  | 'unknown'
  | 'internal';

export interface ErrorMeaning {
  readonly en: string;
  readonly zh: string;
  /** The same command, unchanged, may succeed later; its key makes that safe. */
  readonly retryable: boolean;
  readonly httpStatus: number;
}

/** The one table of refusals and failures a client can meet. A code is never given another meaning. */
export const errorCodes: { readonly [Code in ErrorCode]: ErrorMeaning } = {
  invalid: { en: 'The command is not well formed.', zh: '命令格式不正确。', retryable: false, httpStatus: 400 },
  too_long: { en: 'The text is too long.', zh: '内容过长。', retryable: false, httpStatus: 413 },
  too_many: {
    en: 'A limit would be exceeded, for example of members.',
    zh: '超出数量上限，例如成员数。',
    retryable: false,
    httpStatus: 409,
  },
  not_found: {
    en: 'There is no such conversation, message or person.',
    zh: '会话、消息或用户不存在。',
    retryable: false,
    httpStatus: 404,
  },
  not_member: {
    en: 'You are not a member of this conversation.',
    zh: '你不是该会话的成员。',
    retryable: false,
    httpStatus: 403,
  },
  denied: { en: 'This is not allowed here.', zh: '没有权限执行此操作。', retryable: false, httpStatus: 403 },
  id_reused: {
    en: 'This command id was used for another command.',
    zh: '该命令编号已用于其他命令。',
    retryable: false,
    httpStatus: 409,
  },
  edit_conflict: {
    en: 'The message was edited meanwhile; look at it and edit again.',
    zh: '消息已在别处被编辑，请查看后重新编辑。',
    retryable: false,
    httpStatus: 409,
  },
  too_late: {
    en: 'The time for this has passed.',
    zh: '已超过允许的时间。',
    retryable: false,
    httpStatus: 409,
  },
  blocked: {
    en: 'One of you blocks the other.',
    zh: '你们其中一人屏蔽了另一人。',
    retryable: false,
    httpStatus: 403,
  },
  invite_ended: {
    en: 'This invitation has run out; ask for a new one.',
    zh: '该邀请已失效，请索要新的邀请。',
    retryable: false,
    httpStatus: 410,
  },
  search_empty: {
    en: 'There is nothing to look for; say a word or a filter.',
    zh: '没有要搜索的内容，请输入关键词或筛选条件。',
    retryable: false,
    httpStatus: 400,
  },
  search_filter: {
    en: 'Something is missing behind a filter, as in from:name.',
    zh: '筛选条件后缺少内容，例如 from:名字。',
    retryable: false,
    httpStatus: 400,
  },
  search_date: {
    en: 'This is no date; write it as 2026-01-31, 2026-01 or 2026.',
    zh: '日期无效，格式应为 2026-01-31、2026-01 或 2026。',
    retryable: false,
    httpStatus: 400,
  },
  search_has: {
    en: 'A message can have: file, image, video, audio, link.',
    zh: '包含的类型只能是：文件、图片、视频、语音、链接。',
    retryable: false,
    httpStatus: 400,
  },
  search_from: {
    en: 'There is nobody of the name behind from:.',
    zh: '没有叫这个名字的人（from:）。',
    retryable: false,
    httpStatus: 404,
  },
  search_in: {
    en: 'None of your conversations has the name behind in:.',
    zh: '你没有叫这个名字的会话（in:）。',
    retryable: false,
    httpStatus: 404,
  },
  rate_limited: {
    en: 'Too many commands; wait a moment.',
    zh: '操作过于频繁，请稍候。',
    retryable: true,
    httpStatus: 429,
  },
  unauthenticated: {
    en: 'Signed out; sign in again.',
    zh: '登录已失效，请重新登录。',
    retryable: false,
    httpStatus: 401,
  },
  busy: {
    en: 'The server is busy; nothing happened.',
    zh: '服务器繁忙，操作未执行。',
    retryable: true,
    httpStatus: 503,
  },
  full: {
    en: 'The server cannot store more; reading still works.',
    zh: '服务器存储已满，仍可阅读。',
    retryable: true,
    httpStatus: 507,
  },
  unknown: {
    en: 'It is not known whether this happened; the same command is asked again.',
    zh: '结果未知，将自动重试同一命令。',
    retryable: true,
    httpStatus: 504,
  },
  internal: { en: 'The server failed.', zh: '服务器内部错误。', retryable: true, httpStatus: 500 },
};
