import { type Language, usePreferences } from '../design/preferences.js';

/** Texts of the page of an account link. Loaded with that page only. */
const en = {
  setUp: 'Become the admin of {place}',
  setUpText: 'There’s no admin yet. Register to become the admin.',
  join: '{name} invited you to join {place}',
  joinWithoutInviter: 'Create an account on {place}',
  guest: '{name} invited you to chat on {place}',
  guestText: 'Just enter a name. No account needed.',
  reset: 'Set a new password',
  passwordSet: 'Password updated. Sign in with it now.',
};

const zh: typeof en = {
  setUp: '成为{place}的管理员',
  setUpText: '这里还没有管理员，注册后你就是管理员。',
  join: '{name}邀请你加入{place}',
  joinWithoutInviter: '注册{place}',
  guest: '{name}邀请你到{place}聊天',
  guestText: '填写昵称即可进入，无需注册。',
  reset: '设置新密码',
  passwordSet: '密码已更新，用新密码登录。',
};

const catalogues: Record<Language, typeof en> = { zh, en };

/** Returns the texts in the page's language. */
export function useLinkWords(): typeof en {
  const [{ language }] = usePreferences();
  return catalogues[language];
}
