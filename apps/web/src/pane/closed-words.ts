import { checkEntryPermission } from '@everywire/chat';
import type { ConversationEntry } from '@everywire/chat-client';
import type { Words } from '../i18n/zh.js';

/** Why this person cannot write here; `null` where they can. */
export function closedWords(entry: ConversationEntry, words: Words): string | null {
  if (!entry.member) return endedWords(entry.ended, words);
  if (entry.blocked) return words.blockedNote;
  if (entry.kind === 'direct' && entry.peer?.state === 'deleted') return entry.peer.displayName;
  if (checkEntryPermission('send', entry) === null) return null;
  return entry.settings.send === 'admins' ? words.adminsNote : words.readersNote;
}

/** How it ended, to whoever was in it. */
export function endedWords(ended: ConversationEntry['ended'], words: Words): string {
  if (ended === 'deleted') return words.deletedNote;
  return ended === 'removed' ? words.removedNote : words.leftNote;
}
