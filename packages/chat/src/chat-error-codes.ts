/** A refusal or failure of a command. */
export type ChatErrorCode =
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
  | 'conversation_deleted'
  | 'picture_unreadable'
  | 'guest_role'
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
  | 'damaged'
  | 'internal';

/** Codes that only routes of the REST interface use. */
type RestOnly =
  | 'name_invalid'
  | 'name_misleading'
  | 'password_invalid'
  | 'credentials_wrong'
  | 'password_wrong'
  | 'registration_closed'
  | 'invitation_required'
  | 'name_taken'
  | 'link_ended'
  | 'last_administrator'
  | 'suspended'
  | 'status_invalid'
  | 'email_invalid'
  | 'password_missing'
  | 'second_factor_required'
  | 'code_wrong'
  | 'second_factor_set'
  | 'identity_refused'
  | 'quota_exceeded'
  | 'host_unknown'
  | 'upload_unfinished';

/** A refusal or failure of a request to the REST interface. */
export type RestErrorCode = ChatErrorCode | RestOnly;

/**
 * The meaning of a code. The texts are phrases without a full stop, so that they can be appended to another text; see
 * `errorSentence`.
 */
export interface ErrorMeaning {
  readonly en: string;
  readonly zh: string;
  /** Whether the same command may succeed later without a change. Its id makes a retry safe. */
  readonly retryable: boolean;
  readonly httpStatus: number;
}

/** Returns the meaning of a code whose command must not be retried unchanged. */
function once(httpStatus: number, en: string, zh: string): ErrorMeaning {
  return { en, zh, retryable: false, httpStatus };
}

/** Returns the meaning of a code whose command may succeed later. */
function again(httpStatus: number, en: string, zh: string): ErrorMeaning {
  return { en, zh, retryable: true, httpStatus };
}

/** Refusals of session commands and REST routes. */
const commandErrors: { readonly [Code in ChatErrorCode]: ErrorMeaning } = {
  invalid: once(400, 'something went wrong. Reload the page or update the app', '请求无效，刷新页面或更新客户端后重试'),
  too_long: once(413, 'this is too long. Shorten it', '内容太长，缩短后重试'),
  too_many: once(409, 'that’s over the limit. Remove some first', '超过数量上限，减少一些后重试'),
  not_found: once(404, 'this doesn’t exist, or you don’t have access', '内容不存在，或你无权查看'),
  not_member: once(403, 'you’re not in this conversation. Ask a member to add you', '你不在这个会话里，让成员添加你'),
  denied: once(403, 'you don’t have permission. Ask an admin', '没有权限，联系管理员'),
  id_reused: once(
    409,
    'this conflicts with another message. Send it again as a new one',
    '消息重复，作为新消息重新发送',
  ),
  edit_conflict: once(
    409,
    'this was just edited elsewhere. Check it and edit again',
    '消息已在别处修改，查看后重新编辑',
  ),
  too_late: once(409, 'the time limit for this has passed', '已超过可编辑或撤回的时限'),
  blocked: once(403, 'you can’t message this person. One of you has blocked the other', '无法发送，你或对方开启了屏蔽'),
  conversation_deleted: once(410, 'this conversation was deleted', '这个会话已被删除'),
  invite_ended: once(410, 'this invite has expired. Ask for a new one', '邀请已失效，向邀请人重新索取'),
  picture_unreadable: once(
    400,
    'can’t read this image. Use JPEG, PNG, GIF or WebP',
    '图片无法识别，使用 JPEG、PNG、GIF 或 WebP',
  ),
  guest_role: once(
    409,
    'guests can’t be owners or admins. They need an account first',
    '访客不能成为所有者或管理员，需要先创建账号',
  ),
  search_empty: once(400, 'type something to search for', '输入要搜索的内容'),
  search_filter: once(400, 'add a value after the filter, as in from:name', '筛选条件缺少内容，例如“来自：名字”'),
  search_date: once(400, 'write dates as 2026-01-31, 2026-01 or 2026', '日期格式：2026-01-31、2026-01 或 2026'),
  search_has: once(400, 'after has: use file, image, video, audio or link', '“包含：”后写文件、图片、视频、语音或链接'),
  search_from: once(404, 'no one matches from:', '没有这个名字的用户'),
  search_in: once(404, 'no conversation matches in:', '没有这个名称的会话'),
  rate_limited: again(429, 'too many requests. Try again shortly', '操作太频繁，稍后重试'),
  unauthenticated: once(401, 'you’re signed out. Sign in to continue', '登录已失效，重新登录后继续'),
  busy: again(503, 'the server is busy. Try again shortly', '服务器繁忙，稍后重试'),
  full: again(
    507,
    'the server is out of storage, so this wasn’t saved. Tell your admin',
    '服务器存储空间已满，无法保存，联系管理员',
  ),
  unknown: again(504, 'we couldn’t confirm this. It’s safe to try again', '不确定是否成功，可放心重试'),
  damaged: once(
    500,
    'this part of the server’s storage is damaged. Tell your admin',
    '服务器的这部分存储已损坏，联系管理员',
  ),
  internal: again(
    500,
    'something went wrong. Try again, and tell your admin if it continues',
    '服务器出错，重试后仍失败就联系管理员',
  ),
};

/** Refusals of REST routes only, about accounts and files. */
const restErrors: { readonly [Code in RestOnly]: ErrorMeaning } = {
  name_invalid: once(
    400,
    'that name is too short, too long or has invalid characters. Use letters, numbers, and . _ - in between',
    '名字的长度或字符不符合要求。用户名用字母、汉字或数字，中间可用 . _ -',
  ),
  name_misleading: once(
    400,
    'that name looks like someone else’s. Use letters from a single alphabet',
    '这个名字容易和别人混淆，只使用一种文字',
  ),
  password_invalid: once(400, 'the password is too short or too long', '密码长度不符合要求'),
  credentials_wrong: once(401, 'wrong username or password. Try again or reset it', '用户名或密码错误，重试或重设密码'),
  password_wrong: once(403, 'wrong password. Try again or reset it', '密码错误，重试或重设密码'),
  registration_closed: once(403, 'registration is closed. Ask the admin for an account', '这里不开放注册，联系管理员'),
  invitation_required: once(
    403,
    'you need an invite to register. Ask a member for a link',
    '需要邀请才能注册，向成员索取邀请链接',
  ),
  name_taken: once(409, 'that username is taken. Choose another', '用户名已被使用，换一个'),
  link_ended: once(410, 'this link has expired. Ask for a new one', '链接已失效，重新索取'),
  last_administrator: once(
    409,
    'there must be at least one admin. Add another first',
    '至少保留一位管理员，先指定其他人',
  ),
  suspended: once(403, 'this account is suspended. Ask an admin', '账号已停用，联系管理员'),
  status_invalid: once(400, 'the status must be one short line of visible characters', '状态太长，或包含不可见字符'),
  host_unknown: once(
    421,
    'this server doesn’t accept this address. Its admin can add the host name to EVERYWIRE_HOSTS',
    '服务器不接受这个地址，管理员可以把主机名加入 EVERYWIRE_HOSTS',
  ),
  email_invalid: once(400, 'enter an email like name@example.org', '邮箱格式不正确，例如 name@example.org'),
  password_missing: once(
    409,
    'this account has no password. Use “Forgot password?” to set one',
    '账号还没有密码，通过“忘记密码”设置',
  ),
  second_factor_required: once(403, 'enter your verification code', '输入两步验证码'),
  code_wrong: once(403, 'wrong or expired code. Use a new one', '验证码错误或已失效，使用新的验证码'),
  second_factor_set: once(
    409,
    'two-step verification is already on. Turn it off first',
    '两步验证已开启，先关闭后再设置',
  ),
  identity_refused: once(401, 'your sign-in provider didn’t confirm this. Try again', '第三方登录未通过，重新登录'),
  quota_exceeded: once(
    413,
    'you’re out of storage. Delete messages with files you no longer need',
    '存储空间不足，撤回一些带文件的消息后重试',
  ),
  upload_unfinished: again(409, 'the upload didn’t finish. Try again', '文件上传未完成，重试'),
};

/**
 * All refusals that a client can receive, over a session or by REST, with the texts that the page and the terminal
 * show. The meaning of a code never changes. The status 401 means that there is no valid sign-in; a signed-in caller
 * gets it only with `unauthenticated`. A text says what happened and what to do.
 */
export const chatErrorCodes: { readonly [Code in RestErrorCode]: ErrorMeaning } = { ...commandErrors, ...restErrors };

/** The codes that a command can be refused with. */
export const commandErrorCodes: readonly ChatErrorCode[] = Object.keys(commandErrors) as ChatErrorCode[];

/** Returns the text of a code as a full sentence. */
export function errorSentence(code: RestErrorCode, language: 'en' | 'zh'): string {
  const phrase = chatErrorCodes[code][language];
  return language === 'zh' ? `${phrase}。` : `${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}.`;
}
