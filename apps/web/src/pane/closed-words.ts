import { checkEntryPermission } from '@everywire/chat';
import type { ConversationEntry } from '@everywire/chat-client';
import type { Words } from '../i18n/zh.js';

/** Why this person cannot write here; `null` where they can. */
export function closedWords(entry: ConversationEntry, words: Words): string | null {
  if (!entry.member) return entry.ended === 'removed' ? words.removedNote : words.leftNote;
  if (entry.blocked) return words.blockedNote;
  if (checkEntryPermission('send', entry) === null) return null;
  return entry.settings.send === 'admins' ? words.adminsNote : words.readersNote;
}
