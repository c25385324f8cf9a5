/** A refusal or failure of a command. */
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

/** What only a route of the REST interface refuses with. */
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
export type RestErrorCode = ErrorCode | RestOnly;

/** What a code means. The words are a phrase without a full stop, so that they also stand behind "Not sent:"; see `errorSentence`. */
export interface ErrorMeaning {
  readonly en: string;
  readonly zh: string;
  /** The same command, unchanged, may succeed later; its key makes that safe. */
  readonly retryable: boolean;
  readonly httpStatus: number;
}

function once(httpStatus: number, en: string, zh: string): ErrorMeaning {
  return { en, zh, retryable: false, httpStatus };
}

function again(httpStatus: number, en: string, zh: string): ErrorMeaning {
  return { en, zh, retryable: true, httpStatus };
}

/** What a command of a session can be refused with, and a route of the REST interface as well. */
const commandErrors: { readonly [Code in ErrorCode]: ErrorMeaning } = {
  invalid: once(
    400,
    'the server did not understand this; reload the page, or bring the client up to date',
    '服务器没有看懂这个请求，刷新页面或更新客户端',
  ),
  too_long: once(413, 'it is too long; shorten it', '内容太长，缩短一些'),
  too_many: once(
    409,
    'that is more than is allowed, for example of members; take some away first',
    '人数或数量超过上限，先减少一些',
  ),
  not_found: once(
    404,
    'it was not found, or you may not see it; go back and choose again',
    '没有找到，或者你看不到它，返回重新选择',
  ),
  not_member: once(
    403,
    'you are not in this conversation; ask a member to add you',
    '你不在这个会话里，可以让成员加你',
  ),
  denied: once(
    403,
    'you may not do this; ask an admin of the conversation or of the place',
    '你没有权限这样做，可以找会话或本站的管理员',
  ),
  id_reused: once(409, 'it clashes with another message; send it as a new one', '和另一条消息重复了，当作新消息再发'),
  edit_conflict: once(
    409,
    'it was edited elsewhere meanwhile; look at it and edit again',
    '它刚在别处改过，看看再编辑',
  ),
  too_late: once(409, 'the time for this is over; say it in a new message', '已经过了可以这样做的时间，另发一条消息'),
  blocked: once(
    403,
    'one of you blocks the other; unblock first if it was you',
    '你们其中一人屏蔽了另一人，如果是你就先解除',
  ),
  conversation_deleted: once(
    410,
    'this conversation was deleted for everybody; choose another',
    '这个会话已经为所有人删除，换一个会话',
  ),
  invite_ended: once(410, 'this invitation has run out; ask for a new one', '邀请已失效，可以索要新的邀请'),
  picture_unreadable: once(
    400,
    'this is no picture that can be read; take a JPEG, PNG, GIF or WebP',
    '这不是可以读取的图片，换一张 JPEG、PNG、GIF 或 WebP',
  ),
  guest_role: once(
    409,
    'guests cannot be owner or admin; an account is needed first',
    '访客不能成为所有者或管理员，先要有账号',
  ),
  search_empty: once(400, 'type a word to look for', '输入要搜索的内容'),
  search_filter: once(
    400,
    'something is missing behind the filter, as in from:name',
    '筛选条件后还缺内容，例如“来自:名字”',
  ),
  search_date: once(400, 'a date is written as 2026-01-31, 2026-01 or 2026', '日期写成 2026-01-31、2026-01 或 2026'),
  search_has: once(
    400,
    'behind has: comes file, image, video, audio or link',
    '“包含:”后可以写文件、图片、视频、语音、链接',
  ),
  search_from: once(404, 'nobody has the name behind from:', '没有叫这个名字的人'),
  search_in: once(404, 'none of your conversations has the name behind in:', '你没有叫这个名字的会话'),
  rate_limited: again(429, 'too many at once; try again in a while', '操作太频繁，等一会儿再试'),
  unauthenticated: once(401, 'you are no longer signed in here; sign in to go on', '登录已失效，重新登录后继续'),
  busy: again(
    503,
    'the server is busy and nothing happened; try again in a while',
    '服务器正忙，没有执行，等一会儿再试',
  ),
  full: again(
    507,
    'the server’s storage is full and this was not kept, reading works; tell whoever runs the server',
    '服务器的存储满了，没有存下，仍然可以阅读；告诉管理员',
  ),
  unknown: again(504, 'it is not known whether this worked; trying again is safe', '不确定有没有成功，重试是安全的'),
  damaged: once(
    500,
    'the server’s storage is damaged in this place; tell whoever runs the server',
    '服务器存储的这一部分已损坏；告诉管理员',
  ),
  internal: again(
    500,
    'something failed and has been logged; try again, and tell whoever runs the server if it stays',
    '出错了，已经记录下来；再试一次，还不行就告诉管理员',
  ),
};

/** What only a route can be refused with: about accounts and files. */
const restErrors: { readonly [Code in RestOnly]: ErrorMeaning } = {
  name_invalid: once(
    400,
    'this name is too short, too long or has signs that none may have; a user name is letters or digits, with . _ - between them',
    '这个名字太短、太长，或者有不能用的字符；用户名由字母、汉字或数字组成，中间可以有 . _ -',
  ),
  name_misleading: once(
    400,
    'this name may be taken for another; write it in one script, in plain letters where it reads as them',
    '这个名字容易和别的混淆，只用一种文字写，看起来是英文字母的就直接用英文字母',
  ),
  password_invalid: once(
    400,
    'the password is shorter or longer than this place takes; choose another',
    '密码的长度不合这里的要求，换一个',
  ),
  credentials_wrong: once(
    401,
    'the user name or the password is wrong; try again, or ask for a new password',
    '用户名或密码不对，再试一次或重设密码',
  ),
  password_wrong: once(
    403,
    'the password is wrong; try again, or ask for a new one by a link',
    '密码不对，再试一次，或者用链接重设密码',
  ),
  registration_closed: once(
    403,
    'this server takes no registrations; ask its administrator for an account',
    '这台服务器不开放注册，找管理员开一个账号',
  ),
  invitation_required: once(
    403,
    'registration here is by invitation; ask somebody who is in for a link',
    '这里凭邀请注册，找里面的人要一个链接',
  ),
  name_taken: once(409, 'someone has this user name already; choose another', '这个用户名已经有人用了，换一个'),
  link_ended: once(410, 'this link is of no use any more; ask for another', '这个链接已经失效，再要一个'),
  last_administrator: once(
    409,
    'a place needs an administrator; name another one first',
    '至少要有一位管理员，先指定另一位',
  ),
  suspended: once(403, 'this account is suspended; ask an admin of the place', '这个账号已停用，找管理员'),
  status_invalid: once(
    400,
    'a status is one line, and this one is too long or has signs that cannot be seen',
    '状态只能一行，这个太长或者有看不见的字符',
  ),
  host_unknown: once(
    421,
    'this server is not known by the name in the address; its operator can add the name to EVERYWIRE_HOSTS',
    '服务器不认识地址里的这个名字，管理服务器的人可以把它加进 EVERYWIRE_HOSTS',
  ),
  email_invalid: once(400, 'a mail address looks like name@example.org', '邮箱要写成 name@example.org 这样'),
  password_missing: once(
    409,
    'this account has no password; set one by a link for a new password',
    '这个账号没有密码，用重设密码的链接设一个',
  ),
  second_factor_required: once(403, 'a code of the second factor is needed as well', '还要输入两步验证码'),
  code_wrong: once(403, 'the code is wrong or of no use any more; use a new one', '验证码不对或已经失效，换一个新的'),
  second_factor_set: once(409, 'there is a second factor already; turn it off first', '两步验证已经打开，先关闭'),
  identity_refused: once(
    401,
    'the identity provider did not confirm this; begin again',
    '身份提供方没有确认，重新来一次',
  ),
  quota_exceeded: once(
    413,
    'your files would take more room than you have here; recall messages with files you no longer need',
    '你的文件会超出可用空间，撤回一些不再需要的带文件的消息',
  ),
  upload_unfinished: again(409, 'the file has not gone up whole; try again', '文件没有传完，再试一次'),
};

/**
 * The one table of what a client can be refused with: by a session, by REST, in the words of the page and of the terminal. A code
 * is never given another meaning. 401 stands for having no sign-in, or none yet: who is signed in gets no other code with it than `unauthenticated`. The words say what happened and, where something can be done, what.
 */
export const errorCodes: { readonly [Code in RestErrorCode]: ErrorMeaning } = { ...commandErrors, ...restErrors };

/** The codes that a command can be answered with. */
export const commandErrorCodes: readonly ErrorCode[] = Object.keys(commandErrors) as ErrorCode[];

/** The words of a code as a sentence of their own. */
export function errorSentence(code: RestErrorCode, language: 'en' | 'zh'): string {
  const phrase = errorCodes[code][language];
  return language === 'zh' ? `${phrase}。` : `${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}.`;
}
