import { createContext, useContext } from 'react';

/** False after the connection is lost: what the page knows about other users is then stale. */
export const ConnectedContext = createContext(true);

/** Returns whether the connection is up. */
export function useConnected(): boolean {
  return useContext(ConnectedContext);
}
