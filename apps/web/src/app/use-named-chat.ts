import type { ChatSnapshot, ConversationEntry } from '@everywire/chat-client';
import { useChat } from '@everywire/chat-react';
import { useMemo } from 'react';
import { useWords } from '../i18n/words.js';

/** One's notes as the page calls them, by the entry: an entry that did not change stays the same object. */
const named = new WeakMap<ConversationEntry, ConversationEntry>();

/** The chat, with notes under the page's own name for them. */
export function useNamedChat(): ChatSnapshot {
  const chat = useChat();
  const { notes } = useWords();
  return useMemo(
    () => ({ ...chat, conversations: chat.conversations.map((entry) => nameNotes(entry, notes)) }),
    [chat, notes],
  );
}

function nameNotes(entry: ConversationEntry, title: string): ConversationEntry {
  if (entry.kind !== 'notes') return entry;
  const known = named.get(entry);
  if (known?.title === title) return known;
  const notes = { ...entry, title };
  named.set(entry, notes);
  return notes;
}
