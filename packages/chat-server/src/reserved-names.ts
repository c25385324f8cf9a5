import { isSelf } from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';

/**
 * Words that address everyone in this or other chats. A mention of an account with such a name would be mistaken for a
 * mention of everyone. Words for oneself in a search (`isSelf`) are reserved as well.
 */
const everybody: ReadonlySet<string> = new Set(
  ['all', 'everybody', 'everyone', 'here', 'channel', '所有人', '所有成员', '全体成员', '全體成員', '全员', '大家'].map(
    foldName,
  ),
);

/** Names that users expect of operators or of the server itself. Users would trust a stranger with such a name. */
const operators: ReadonlySet<string> = new Set(
  [
    ...[
      'admin',
      'administrator',
      'root',
      'sysadmin',
      'system',
      'support',
      'helpdesk',
      'moderator',
      'official',
      'everywire',
    ],
    ...['管理员', '管理員', '系统管理员', '系統管理員', '超级管理员', '超級管理員', '系统', '系統', '客服', '官方'],
  ].map(foldName),
);

/** Prefix of generated guest names. Reserved, because a user with such a name would be mistaken for a guest. */
export const GUEST_PREFIX = 'guest-';

/** The chooser of a name. `operator` is the first administrator. */
export type NameChooser = 'anyone' | 'operator';

/**
 * Returns whether `by` may not take this user name. `more` are names that the operator reserves for everyone. Compares
 * folded names.
 */
export function isNameReserved(name: string, more: readonly string[], by: NameChooser): boolean {
  const folded = foldName(name);
  if (isSelf(folded) || everybody.has(folded) || folded.startsWith(GUEST_PREFIX)) return true;
  if (by === 'anyone' && operators.has(folded)) return true;
  return more.some((reserved) => foldName(reserved) === folded);
}
