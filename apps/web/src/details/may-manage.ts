import { checkEntryPermission } from '@everywire/chat';
import type { ConversationEntry } from '@everywire/chat-client';

/** Whether there is anything in the settings of a group or channel that this person may change. */
export function mayManage(entry: ConversationEntry): boolean {
  return (['setPicture', 'rename', 'configure', 'invite'] as const).some(
    (act) => checkEntryPermission(act, entry) === null,
  );
}
