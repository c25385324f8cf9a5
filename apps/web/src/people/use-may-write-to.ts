import type { Person } from '@everywire/chat-client';
import { useChat } from '@everywire/chat-react';

/** Returns whether the user may write to a person: nobody can to a deleted account, and a guest only where a conversation exists. */
export function useMayWriteTo({ id, state }: Person): boolean {
  const { me, conversations } = useChat();
  if (state === 'deleted') return false;
  return me.guest !== true || conversations.some(({ peer }) => peer?.id === id);
}
