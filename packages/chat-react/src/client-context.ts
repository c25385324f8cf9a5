import type { ChatClient, ChatSnapshot } from '@everywire/chat-client';
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';

/** The client of everything below: `<ClientContext value={client}>`, before React 19 `<ClientContext.Provider value={client}>`. */
export const ClientContext: React.Context<ChatClient | null> = createContext<ChatClient | null>(null);

/** @throws Error where there is no client above. */
export function useClient(): ChatClient {
  const client = useContext(ClientContext);
  if (client === null) throw new Error('There is no chat client above this component.');
  return client;
}

/** Who one is, the connection, the conversations. Draws anew when one of them changes. */
export function useChat(): ChatSnapshot {
  const client = useClient();
  const subscribe = useCallback((listener: () => void) => client.subscribe(listener), [client]);
  const getSnapshot = useCallback(() => client.getSnapshot(), [client]);
  return useSyncExternalStore(subscribe, getSnapshot, getSnapshot);
}
