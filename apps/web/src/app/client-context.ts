import type { ChatClient, ChatSnapshot } from '@everywire/chat-client';
import { createContext, useContext, useSyncExternalStore } from 'react';

/** The chat of the account that is signed in. */
export const ClientContext = createContext<ChatClient | null>(null);

export function useClient(): ChatClient {
  const client = useContext(ClientContext);
  if (client === null) throw new Error('There is no chat client above this component.');
  return client;
}

export function useChat(): ChatSnapshot {
  const client = useClient();
  return useSyncExternalStore(
    (listener) => client.subscribe(listener),
    () => client.getSnapshot(),
  );
}
