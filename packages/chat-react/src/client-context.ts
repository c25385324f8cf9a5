import type { ChatClient, ChatSnapshot } from '@everywire/chat-client';
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';

/**
 * Provides the chat client to all components below: `<ClientContext value={client}>`. Before React 19:
 * `<ClientContext.Provider value={client}>`.
 */
export const ClientContext: React.Context<ChatClient | null> = createContext<ChatClient | null>(null);

/** Returns the client above this component. @throws Error if there is none. */
export function useClient(): ChatClient {
  const client = useContext(ClientContext);
  if (client === null) throw new Error('There is no chat client above this component.');
  return client;
}

/** Returns the state of the client: user, connection and conversations. Renders again when it changes. */
export function useChat(): ChatSnapshot {
  const client = useClient();
  const subscribe = useCallback((listener: () => void) => client.subscribe(listener), [client]);
  const getSnapshot = useCallback(() => client.getSnapshot(), [client]);
  return useSyncExternalStore(subscribe, getSnapshot, getSnapshot);
}
