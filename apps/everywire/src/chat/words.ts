import { chatErrorCodes, errorSentence, type RestErrorCode, type Role } from '@everywire/chat';
import { plain } from './cells.js';

/** Every word of the terminal client, in one language. */
export interface TerminalWords {
  readonly language: 'en' | 'zh';
  readonly signIn: string;
  readonly register: string;
  readonly name: string;
  readonly password: string;
  readonly signInKeys: string;
  readonly registerKeys: string;
  readonly registrationClosed: string;
  readonly working: string;
  readonly conversations: string;
  readonly noConversation: string;
  readonly loading: string;
  readonly olderLoading: string;
  readonly beginning: string;
  readonly unreadFrom: string;
  readonly you: string;
  readonly find: string;
  readonly noPeopleFound: string;
  readonly chatKeys: string;
  readonly findKeys: string;
  readonly write: string;
  readonly newBelow: string;
  readonly notMember: string;
  readonly connecting: string;
  readonly reconnecting: string;
  readonly closed: string;
  readonly signedOut: string;
  waiting(seconds: number): string;
  readonly blocked: string;
  typing(names: string): string;
  gap: string;
  damaged: string;
  readonly created: string;
  readonly left: string;
  readonly joined: string;
  readonly added: string;
  readonly removed: string;
  readonly renamed: string;
  readonly deleted: string;
  readonly pictureSet: string;
  readonly pictureRemoved: string;
  readonly role: Readonly<Record<Role, string>>;
  readonly settings: string;
  /** Instead of the name of an account that was deleted. */
  readonly deletedAccount: string;
  readonly recalled: string;
  readonly errors: Readonly<Record<string, string>>;
}

const en: TerminalWords = {
  language: 'en',
  signIn: 'Sign in',
  register: 'Register',
  name: 'Username',
  password: 'Password',
  signInKeys: 'Enter sign in · Tab next field · Ctrl-R register instead · Ctrl-C quit',
  registerKeys: 'Enter register · Tab next field · Ctrl-R sign in instead · Ctrl-C quit',
  registrationClosed: 'Enter sign in · Tab next field · Ctrl-C quit',
  working: 'Working…',
  conversations: 'Conversations',
  noConversation: 'No conversations yet. Press Ctrl-O to message someone.',
  loading: 'Loading…',
  olderLoading: 'Loading older messages…',
  beginning: 'Start of conversation',
  unreadFrom: 'New',
  you: 'You',
  find: 'Message',
  noPeopleFound: 'No one found',
  chatKeys: 'Enter send · ^N/^P switch · PgUp/PgDn · ^O new chat · ^X sign out · ^C quit',
  findKeys: 'Enter start chat · ↑/↓ choose · Esc back',
  write: 'Message',
  newBelow: '↓ new messages: End',
  notMember: 'You’re no longer in this conversation.',
  connecting: 'connecting',
  reconnecting: 'connection lost, reconnecting',
  closed: 'closed',
  signedOut: 'You’re signed out. Sign in to continue.',
  waiting: (seconds) => `offline, retrying in ${seconds} s`,
  blocked: 'this network blocks what you send',
  typing: (names) => `${names} typing…`,
  gap: 'Loading…',
  damaged: 'Can’t show these messages: the server’s storage is damaged. Tell your admin.',
  created: 'started the conversation',
  left: 'left',
  joined: 'joined',
  added: 'added',
  removed: 'removed',
  renamed: 'renamed it to',
  deleted: 'deleted the conversation',
  pictureSet: 'changed the photo',
  pictureRemoved: 'removed the photo',
  role: { owner: 'made owner:', admin: 'made admin:', member: 'made member:', reader: 'made read-only:' },
  settings: 'changed member permissions',
  deletedAccount: 'Deleted account',
  recalled: 'deleted a message',
  errors: {
    offline: 'Can’t reach the server. Try again when you’re online.',
    interrupted: 'The connection was lost. Try again.',
  },
};

const zh: TerminalWords = {
  language: 'zh',
  signIn: '登录',
  register: '注册',
  name: '用户名',
  password: '密码',
  signInKeys: 'Enter 登录 · Tab 下一项 · Ctrl-R 改为注册 · Ctrl-C 关闭',
  registerKeys: 'Enter 注册 · Tab 下一项 · Ctrl-R 改为登录 · Ctrl-C 关闭',
  registrationClosed: 'Enter 登录 · Tab 下一项 · Ctrl-C 关闭',
  working: '处理中……',
  conversations: '会话',
  noConversation: '还没有会话。按 Ctrl-O 找人聊天。',
  loading: '正在加载……',
  olderLoading: '正在加载更早的消息……',
  beginning: '没有更早的消息了',
  unreadFrom: '新消息',
  you: '我',
  find: '发消息给',
  noPeopleFound: '没有找到用户',
  chatKeys: 'Enter 发送 · ^N/^P 切换会话 · PgUp/PgDn 翻页 · ^O 发起会话 · ^X 退出登录 · ^C 关闭',
  findKeys: 'Enter 开始聊天 · ↑/↓ 选择 · Esc 返回',
  write: '消息',
  newBelow: '↓ 有新消息：End',
  notMember: '你已不在这个会话里。',
  connecting: '正在连接',
  reconnecting: '连接已断开，正在重新连接',
  closed: '已关闭',
  signedOut: '登录已失效，重新登录后继续。',
  waiting: (seconds) => `未连接，${seconds} 秒后重试`,
  blocked: '当前网络拦截了要发送的内容',
  typing: (names) => `${names} 正在输入……`,
  gap: '正在加载……',
  damaged: '服务器存储损坏，这里的消息无法显示，联系管理员。',
  created: '创建了会话',
  left: '退出了',
  joined: '加入了',
  added: '添加了',
  removed: '移出了',
  renamed: '将名称改为',
  deleted: '删除了这个会话',
  pictureSet: '更换了头像',
  pictureRemoved: '移除了头像',
  role: { owner: '转让给', admin: '设为管理员：', member: '设为成员：', reader: '设为只读成员：' },
  settings: '修改了成员权限',
  deletedAccount: '已注销用户',
  recalled: '撤回了一条消息',
  errors: {
    offline: '连不上服务器，网络恢复后重试。',
    interrupted: '连接中断，重试一次。',
  },
};

/** Returns the words of the language that the environment names in `LC_ALL`, `LC_MESSAGES` or `LANG`, in this order. */
export function wordsFor(environment: Readonly<Record<string, string | undefined>>): TerminalWords {
  const { LC_ALL, LC_MESSAGES, LANG } = environment;
  return /^zh/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? zh : en;
}

/** Returns the sentence for a stable code; for an unknown code, returns the code itself. */
export function errorText(words: TerminalWords, code: string): string {
  const known = Object.hasOwn(chatErrorCodes, code) ? errorSentence(code as RestErrorCode, words.language) : undefined;
  return words.errors[code] ?? known ?? plain(code);
}
