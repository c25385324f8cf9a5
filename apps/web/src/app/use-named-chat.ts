import type { ChatSnapshot, ConversationEntry } from '@everywire/chat-client';
import { useChat } from '@everywire/chat-react';
import { useMemo } from 'react';
import { useWords } from '../i18n/words.js';

/** The user's notes with their localised title, cached by entry: an unchanged entry stays the same object. */
const named = new WeakMap<ConversationEntry, ConversationEntry>();

/** Returns the chat snapshot, with the notes conversation titled in the page's language. */
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
