import { createContext, useContext } from 'react';

/** Called when this device has no account any more. */
export const SignedOutContext = createContext<() => void>(() => undefined);

export function useSignedOut(): () => void {
  return useContext(SignedOutContext);
}
