import { createContext, useContext } from 'react';

/** False once the wire says that the connection is lost: what was known of others is then what it was before the cut. */
export const ConnectedContext = createContext(true);

export function useConnected(): boolean {
  return useContext(ConnectedContext);
}
