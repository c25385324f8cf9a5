import { type Language, usePreferences } from '../design/preferences.js';

/** Texts about the mail address of an account. Loaded with the settings, and not part of the initial bundle. */
const en = {
  confirmed: 'Confirmed',
  notConfirmed: 'Not confirmed',
  title: 'Confirm the mail address',
  text: 'After that, other accounts with the same address cannot keep a link for a new password from you. The code goes to the saved address.',
  send: 'Send a code',
  sent: 'Sent. If nothing arrives within a few minutes, send it again later.',
  enter: 'Enter the code',
  code: 'Code from the mail',
  confirm: 'Confirm',
  byOperator: 'This server sends no email. If you forget your password, ask the server admin for a reset link.',
};

const zh: typeof en = {
  confirmed: '已确认',
  notConfirmed: '未确认',
  title: '确认邮箱',
  text: '确认后，别的账号即使填写了同一个邮箱，也不会让你收不到重设密码的链接。验证码会发到已保存的邮箱。',
  send: '发送验证码',
  sent: '已发送。几分钟内没有收到的话，可以稍后再发一次。',
  enter: '输入验证码',
  code: '邮件里的验证码',
  confirm: '确认',
  byOperator: '这台服务器不发邮件。忘记密码时，向服务器管理员索取重设链接。',
};

/** Returns the texts in a language. */
export function confirmEmailWordsOf(language: Language): typeof en {
  return language === 'zh' ? zh : en;
}

/** Returns the texts in the page's language. */
export function useConfirmEmailWords(): typeof en {
  const [{ language }] = usePreferences();
  return confirmEmailWordsOf(language);
}
