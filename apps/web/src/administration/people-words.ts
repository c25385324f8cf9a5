import { type Language, usePreferences } from '../design/preferences.js';
import { isolate } from '../i18n/isolate.js';
import { spacedName } from '../i18n/spaced.js';

/** Texts of the administrator's page. Loaded with that page only. */
const en = {
  people: 'People',
  find: 'Search people',
  none: 'No one found',
  loadMore: 'Load more',
  role: { guest: 'Guest', member: 'Member', administrator: 'Admin' },
  suspended: 'Suspended',
  you: 'You',
  connected: 'Connected now',
  lastSeen: (date: string) => `Last seen ${date}`,
  neverSeen: 'Never signed in',
  noDevices: 'Not signed in anywhere',
  devicesOf: (name: string) => `Devices of ${isolate(name)}`,
  suspend: 'Suspend',
  suspendHint:
    'This signs the person out everywhere and blocks sign-in. Nothing is lost; you can reactivate the account at any time.',
  suspendedHint: 'No one can sign in to this account until you reactivate it.',
  reactivate: 'Reactivate',
  signOut: 'Sign out everywhere',
  makeAdministrator: 'Make administrator',
  makeAdministratorTitle: (name: string) => `Make ${isolate(name)} an administrator?`,
  makeAdministratorText:
    'Administrators decide who may register, and can suspend and delete accounts. They can also take this right away from you.',
  removeAdministrator: 'Remove administrator',
  removeAdministratorTitle: (name: string) => `Remove ${isolate(name)} as administrator?`,
  removeAdministratorText: 'The account stays, as a member. Nothing else changes.',
  madeAdministratorNow: (name: string) => `${isolate(name)} is an administrator.`,
  madeMemberNow: (name: string) => `${isolate(name)} is no longer an administrator.`,
  createResetLink: 'Create reset link',
  resetLinkNow: (name: string) =>
    `Pass this link on to ${isolate(name)}. It is shown only once, sets a new password once and signs out all devices. A newer link replaces it.`,
  resetLinkEnds: (date: string) => `It expires ${date}.`,
  remove: 'Delete account…',
  suspendedNow: (name: string) => `${isolate(name)} is suspended and signed out.`,
  reactivatedNow: (name: string) => `${isolate(name)} can sign in again.`,
  signedOutNow: (name: string) => `${isolate(name)} is signed out everywhere.`,
  deletedNow: (name: string) => `The account of ${isolate(name)} is deleted.`,
  deleteTitle: (name: string) => `Delete the account of ${isolate(name)}?`,
  deleteText:
    'This can’t be undone. The name, photo, email, sign-ins, drafts and notes are erased. Groups they own go to an admin, or to the longest-standing member. Others see “Deleted account” instead of the name.',
  texts: 'Messages they sent to others',
  keepTexts: 'Keep',
  removeTexts: 'Remove',
  keepTextsHint: 'Messages stay where they are, from “Deleted account”.',
  removeTextsHint: 'Messages and their files are removed from every conversation.',
  deleteAccount: 'Delete account',
};

const zh: typeof en = {
  people: '用户',
  find: '搜索用户',
  none: '没有找到用户',
  loadMore: '加载更多',
  role: { guest: '访客', member: '成员', administrator: '管理员' },
  suspended: '已停用',
  you: '你自己',
  connected: '当前在线',
  lastSeen: (date) => `最近使用：${date}`,
  neverSeen: '从未登录',
  noDevices: '没有登录任何设备',
  devicesOf: (name) => spacedName('{name}的设备', name),
  suspend: '停用账号',
  suspendHint: '停用后立即退出所有设备，并且无法登录。数据都会保留，随时可以恢复。',
  suspendedHint: '恢复之前，无法登录这个账号。',
  reactivate: '恢复账号',
  signOut: '退出所有设备',
  makeAdministrator: '设为管理员',
  makeAdministratorTitle: (name) => spacedName('将{name}设为管理员？', name),
  makeAdministratorText: '管理员可以决定谁能注册，可以停用和删除账号，也可以取消你的管理员身份。',
  removeAdministrator: '取消管理员',
  removeAdministratorTitle: (name) => spacedName('取消{name}的管理员身份？', name),
  removeAdministratorText: '账号会保留，变为普通成员，其他不变。',
  madeAdministratorNow: (name) => spacedName('{name}已成为管理员。', name),
  madeMemberNow: (name) => spacedName('{name}已不再是管理员。', name),
  createResetLink: '生成重设密码链接',
  resetLinkNow: (name) =>
    spacedName(
      '把这个链接转交给{name}。链接只显示这一次，只能用一次；设置新密码后会退出所有设备。再次生成时旧链接失效。',
      name,
    ),
  resetLinkEnds: (date) => `${date}到期。`,
  remove: '删除账号……',
  suspendedNow: (name) => spacedName('已停用{name}的账号，并退出所有设备。', name),
  reactivatedNow: (name) => spacedName('{name}可以重新登录了。', name),
  signedOutNow: (name) => spacedName('{name}已退出所有设备。', name),
  deletedNow: (name) => spacedName('{name}的账号已删除。', name),
  deleteTitle: (name) => spacedName('删除{name}的账号？', name),
  deleteText:
    '此操作无法撤销。名字、头像、邮箱、登录信息、草稿和笔记都会清除；名下的群聊会转给管理员，没有管理员时转给加入最早的成员。其他人看到的名字会变成“已注销用户”。',
  texts: '发给别人的消息',
  keepTexts: '保留',
  removeTexts: '一并删除',
  keepTextsHint: '消息留在原来的会话里，发送者显示为“已注销用户”。',
  removeTextsHint: '消息和其中的文件会从所有会话中移除。',
  deleteAccount: '删除账号',
};

const catalogues: Record<Language, typeof en> = { zh, en };

/** Returns the texts in the page's language. */
export function usePeopleWords(): typeof en {
  const [{ language }] = usePreferences();
  return catalogues[language];
}
