import { type ConversationEntry, isProvisional, peerOf } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { useEffect, useRef } from 'react';
import { goToConversation } from './route.js';

interface OpenEntry {
  readonly entry: ConversationEntry | null;
  /**
   * The id under which the pane was opened. It stays the same while the first message creates the conversation, so that the user can keep
   * typing.
   */
  readonly opened: number;
}

/** Returns the open conversation: one of the list, or a provisional one that the first message creates. */
export function useOpenEntry(open: number | null, conversations: readonly ConversationEntry[]): OpenEntry {
  const client = useClient();
  const begun = useRef({ provisional: 0, id: 0 });
  const id = open !== null && isProvisional(open) ? client.direct(peerOf(open)) : open;
  const listed = conversations.find((entry) => entry.id === id) ?? null;
  if (open !== null && open !== id && listed !== null) begun.current = { provisional: open, id: listed.id };
  else if (open !== begun.current.id) begun.current = { provisional: 0, id: 0 };
  useEffect(() => {
    if (listed !== null && listed.id !== open) goToConversation(listed.id);
  }, [listed, open]);
  const entry = listed ?? (open !== null && isProvisional(open) ? client.provisional(open) : null);
  const { provisional } = begun.current;
  return { entry, opened: provisional < 0 ? provisional : (entry?.id ?? 0) };
}
