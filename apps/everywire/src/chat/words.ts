import { errorCodes, errorSentence, type RestErrorCode, type Role } from '@everywire/chat';
import { plain } from './cells.js';

/** Every word of the terminal client, in one language. */
export interface Words {
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
  readonly nobodyFound: string;
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

const en: Words = {
  language: 'en',
  signIn: 'Sign in',
  register: 'Register',
  name: 'Name',
  password: 'Password',
  signInKeys: 'Enter sign in · Tab next field · Ctrl-R register instead · Ctrl-C leave',
  registerKeys: 'Enter register · Tab next field · Ctrl-R sign in instead · Ctrl-C leave',
  registrationClosed: 'Enter sign in · Tab next field · Ctrl-C leave',
  working: 'Working…',
  conversations: 'Conversations',
  noConversation: 'No conversation yet. Ctrl-O finds somebody to write to.',
  loading: 'Loading…',
  olderLoading: 'Loading what was before…',
  beginning: 'The beginning',
  unreadFrom: 'New',
  you: 'You',
  find: 'Write to',
  nobodyFound: 'Nobody of that name',
  chatKeys: 'Enter send · ^N/^P switch · PgUp/PgDn · ^O write to · ^X sign out · ^C leave',
  findKeys: 'Enter write to · ↑/↓ choose · Esc back',
  write: 'Message',
  newBelow: '↓ new messages: End',
  notMember: 'You are no longer in this conversation.',
  connecting: 'connecting',
  reconnecting: 'connection lost, reconnecting',
  closed: 'closed',
  signedOut: 'You’re signed out. Sign in to continue.',
  waiting: (seconds) => `no connection, next try in ${seconds} s`,
  blocked: 'this network refuses what is sent, however short',
  typing: (names) => `${names} typing…`,
  gap: 'Loading…',
  damaged: 'Messages here cannot be shown: the server’s storage is damaged. Tell whoever runs the server.',
  created: 'began the conversation',
  left: 'left',
  joined: 'joined',
  added: 'added',
  removed: 'removed',
  renamed: 'called it',
  deleted: 'deleted the conversation',
  pictureSet: 'gave it another picture',
  pictureRemoved: 'took its picture away',
  role: { owner: 'made owner:', admin: 'made admin:', member: 'made member:', reader: 'made reader:' },
  settings: 'changed what members may do',
  deletedAccount: 'Deleted account',
  recalled: 'took a message back',
  errors: {
    offline: 'The server cannot be reached.',
    interrupted: 'The connection was lost before the answer.',
  },
};

const zh: Words = {
  language: 'zh',
  signIn: '登录',
  register: '注册',
  name: '用户名',
  password: '密码',
  signInKeys: 'Enter 登录 · Tab 下一项 · Ctrl-R 改为注册 · Ctrl-C 退出',
  registerKeys: 'Enter 注册 · Tab 下一项 · Ctrl-R 改为登录 · Ctrl-C 退出',
  registrationClosed: 'Enter 登录 · Tab 下一项 · Ctrl-C 退出',
  working: '处理中……',
  conversations: '会话',
  noConversation: '还没有会话。按 Ctrl-O 找人聊天。',
  loading: '正在加载……',
  olderLoading: '正在加载更早的消息……',
  beginning: '会话的开头',
  unreadFrom: '新消息',
  you: '我',
  find: '发给',
  nobodyFound: '没有叫这个名字的人',
  chatKeys: 'Enter 发送 · ^N/^P 换会话 · PgUp/PgDn 翻看 · ^O 找人 · ^X 退出登录 · ^C 离开',
  findKeys: 'Enter 开始聊天 · ↑/↓ 选择 · Esc 返回',
  write: '消息',
  newBelow: '↓ 有新消息：End',
  notMember: '你已不在这个会话里。',
  connecting: '正在连接',
  reconnecting: '连接断了，正在重连',
  closed: '已关闭',
  signedOut: '登录已失效，重新登录后继续。',
  waiting: (seconds) => `没有连接，${seconds} 秒后再试`,
  blocked: '这个网络拦下了要发的内容，再短也不行',
  typing: (names) => `${names} 正在输入……`,
  gap: '正在加载……',
  damaged: '服务器存储损坏，这里的消息无法显示，告诉管理员。',
  created: '创建了会话',
  left: '离开了',
  joined: '加入了',
  added: '添加了',
  removed: '移出了',
  renamed: '改名为',
  deleted: '删除了这个会话',
  pictureSet: '换了头像',
  pictureRemoved: '去掉了头像',
  role: { owner: '转让给', admin: '设为管理员：', member: '设为成员：', reader: '设为只读：' },
  settings: '改了成员的权限',
  deletedAccount: '已注销用户',
  recalled: '撤回了一条消息',
  errors: {
    offline: '无法连接服务器。',
    interrupted: '还没收到答复，连接就断了。',
  },
};

/** By the environment of a shell: `LC_ALL`, then `LC_MESSAGES`, then `LANG`. */
export function wordsFor(environment: Readonly<Record<string, string | undefined>>): Words {
  const { LC_ALL, LC_MESSAGES, LANG } = environment;
  return /^zh/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? zh : en;
}

/** What a stable code means; the code itself, as the server wrote it, where it is not known. */
export function errorText(words: Words, code: string): string {
  const known = Object.hasOwn(errorCodes, code) ? errorSentence(code as RestErrorCode, words.language) : undefined;
  return words.errors[code] ?? known ?? plain(code);
}
