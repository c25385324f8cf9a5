import { checkEntryPermission } from '@everywire/chat';
import type { ConversationEntry } from '@everywire/chat-client';

/** Returns whether the user may change any setting of a group or channel. */
export function mayManage(entry: ConversationEntry): boolean {
  return (['setPicture', 'rename', 'configure', 'invite'] as const).some(
    (act) => checkEntryPermission(act, entry) === null,
  );
}
