import { checkEntryPermission } from '@everywire/chat';
import type { ConversationEntry } from '@everywire/chat-client';
import type { Words } from '../i18n/zh.js';

/** Returns the reason why the user cannot write in a conversation, or `null` if they can. */
export function closedWords(entry: ConversationEntry, words: Words): string | null {
  if (!entry.member) return endedWords(entry.ended, words);
  if (entry.kind === 'direct' && entry.peer?.state === 'deleted') return words.deletedAccountNote;
  if (entry.blocked) return words.blockedNote;
  if (checkEntryPermission('send', entry) === null) return null;
  return entry.settings.send === 'admins' ? words.adminsNote : words.readersNote;
}

/** Returns how the conversation ended for a former member. */
export function endedWords(ended: ConversationEntry['ended'], words: Words): string {
  if (ended === 'deleted') return words.deletedNote;
  return ended === 'removed' ? words.removedNote : words.leftNote;
}
