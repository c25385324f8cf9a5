import type { NotificationRule } from '@everywire/chat';
import type { Language } from '../design/preferences.js';
import { isolate } from '../i18n/isolate.js';
import { plural } from '../i18n/plural.js';
import { spacedName } from '../i18n/spaced.js';
import type { NotificationState } from './permission.js';

/** Texts of notifications and their settings. Loaded with that code, and not part of the initial bundle. */
const en = {
  section: 'Notifications',
  status: 'Status',
  states: {
    insecure: 'Notifications need HTTPS, and this page was opened over plain HTTP.',
    unsupported:
      'This browser can’t show notifications from this page. Most phone browsers can’t; desktop browsers can.',
    denied:
      'Notifications from this site are blocked. Allow them in the site settings next to the address, then reload.',
    default: 'Permission hasn’t been requested yet.',
    granted: 'You’re notified of new messages while this page is open and you’re looking elsewhere.',
  } satisfies Record<NotificationState, string> as Record<NotificationState, string>,
  off: 'Turned off on this device.',
  doNotDisturb: 'If nothing appears, check whether Do Not Disturb is on in your system. This page can’t see it.',
  turnOn: 'Turn on',
  notNow: 'Not now',
  offer: 'You received a message while you were away. Get notified next time?',
  onThisDevice: 'Notify me on this device',
  onThisDeviceWords: 'Choose which messages notify you in each conversation’s menu.',
  showText: 'Show message text',
  showTextWords: 'If off, notifications show who sent a message, but not its text.',
  sound: 'Sound',
  soundWords: 'A short sound with a notification, at most one every three seconds.',
  test: 'Send a test',
  testWords: 'Shows a notification now, even while you look at this page.',
  testTitle: 'This is a test',
  testBody: 'New messages look like this.',
  testShown: 'The browser showed it.',
  testFailed: 'The browser didn’t show it.',
  silentTitle: 'Silent conversations',
  silentWords: 'These don’t notify you now. You can change that in the conversation’s menu.',
  silentBecause: { none: 'set to Nothing', muted: 'muted', archived: 'archived' },
  more: (count: number) => `and ${count} more`,

  notifyOf: 'Notify me of',
  rules: { all: 'All messages', mentions: 'Mentions only', none: 'Nothing' } as Record<NotificationRule, string>,
  whileMuted: 'not while muted',
  whileArchived: 'not while archived',
  didNotify: (title: string, rule: NotificationRule) =>
    ({
      all: `“${isolate(title)}” notifies you of all messages`,
      mentions: `“${isolate(title)}” notifies you of mentions only`,
      none: `“${isolate(title)}” won’t notify you`,
    })[rule],

  counted: (title: string, count: number) => `${isolate(title)} (${count})`,
  messagesWaiting: (count: number) => plural(count, 'new message'),
  mentionsWaiting: (count: number) => (count === 1 ? 'You were mentioned' : `You were mentioned ${count} times`),
  conversationsNamed: (named: readonly string[], others: number) =>
    others === 0 ? named.join(', ') : `${named.join(', ')} and ${others} more`,
  said: (sender: string, text: string) => (sender === '' ? text : `${sender}: ${text}`),
  saidInThread: (sender: string, text: string) =>
    sender === '' ? `In a thread: ${text}` : `${sender}, in a thread: ${text}`,
};

/** The texts of notifications and their settings in one language. */
export type NotificationWords = typeof en;

const zh: NotificationWords = {
  section: '通知',
  status: '状态',
  states: {
    insecure: '通知需要 HTTPS，当前页面是用 HTTP 打开的。',
    unsupported: '这个浏览器不能显示本页的通知。手机上的浏览器大多不能，电脑上的可以。',
    denied: '浏览器禁止了本站的通知。点地址栏左侧的图标，在网站设置里允许通知，然后刷新页面。',
    default: '还没有向浏览器申请通知权限。',
    granted: '页面开着、你在看别处时，新消息会通知你。',
  },
  off: '这台设备上已关闭通知。',
  doNotDisturb: '如果没有出现通知，检查一下系统的勿扰模式，网页无法得知它是否开启。',
  turnOn: '开启',
  notNow: '以后再说',
  offer: '你离开时收到了消息。下次要通知你吗？',
  onThisDevice: '在这台设备上通知我',
  onThisDeviceWords: '哪些消息会通知，在每个会话的菜单里选择。',
  showText: '显示消息内容',
  showTextWords: '关闭后，通知只显示谁发来消息，不显示内容。',
  sound: '提示音',
  soundWords: '通知时响一声，三秒内最多一次。',
  test: '发送测试通知',
  testWords: '不管你在看什么，现在就显示一条通知。',
  testTitle: '这是一条测试通知',
  testBody: '新消息会这样显示。',
  testShown: '浏览器已显示通知。',
  testFailed: '浏览器没有显示通知。',
  silentTitle: '不会通知的会话',
  silentWords: '这些会话目前不会通知你，可以在会话的菜单里更改。',
  silentBecause: { none: '设为不通知', muted: '免打扰', archived: '已归档' },
  more: (count) => `另有 ${count} 个`,

  notifyOf: '通知我',
  rules: { all: '所有消息', mentions: '仅 @ 我的消息', none: '不通知' },
  whileMuted: '免打扰期间不通知',
  whileArchived: '归档期间不通知',
  didNotify: (title, rule) =>
    ({
      all: `“${isolate(title)}”的所有消息都会通知`,
      mentions: `“${isolate(title)}”仅在有人 @ 你时通知`,
      none: `“${isolate(title)}”已设为不通知`,
    })[rule],

  counted: (title, count) => `${isolate(title)}（${count}）`,
  messagesWaiting: (count) => `${count} 条新消息`,
  mentionsWaiting: (count) => (count === 1 ? '有人 @ 你' : `有 ${count} 条消息 @ 你`),
  conversationsNamed: (named, others) =>
    others === 0 ? named.join('、') : spacedName(`{name}等 ${named.length + others} 个会话`, named.join('、')),
  said: (sender, text) => (sender === '' ? text : `${sender}：${text}`),
  saidInThread: (sender, text) => (sender === '' ? `话题：${text}` : `${sender}（话题）：${text}`),
};

const catalogues: Record<Language, NotificationWords> = { zh, en };

/** Returns the notification texts of a language. */
export function notificationWordsOf(language: Language): NotificationWords {
  return catalogues[language];
}
