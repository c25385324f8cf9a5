import { isSelf } from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';

/**
 * Words by which people of this chat, and of others, call everybody; an account of that name would be taken for it. Those for oneself in a search (`isSelf`)
 * are reserved as well.
 */
const everybody: ReadonlySet<string> = new Set(
  ['all', 'everybody', 'everyone', 'here', 'channel', '所有人', '所有成员', '全体成员', '全體成員', '全员', '大家'].map(
    foldName,
  ),
);

/** Names under which people expect those who run the place, or the place itself: a stranger of such a name is believed. */
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

/** Begins the user names that guests are given: a person of such a name would be taken for a guest. */
export const guestPrefix = 'guest-';

/** Who chooses a name. `operator`: the first administrator, who runs the place. */
export type NameChooser = 'anyone' | 'operator';

/** Whether `by` may not get this user name. `more`: names that the operator reserves besides, for everyone. Compared as user names are. */
export function isNameReserved(name: string, more: readonly string[], by: NameChooser): boolean {
  const folded = foldName(name);
  if (isSelf(folded) || everybody.has(folded) || folded.startsWith(guestPrefix)) return true;
  if (by === 'anyone' && operators.has(folded)) return true;
  return more.some((reserved) => foldName(reserved) === folded);
}
