import { createContext, useContext } from 'react';

/** Signing out of this device, from beginning to end. */
interface SigningOut {
  /** To be called before the server is asked: it ends the session before it answers. */
  readonly begin: () => void;
  /** This device has no account any more. */
  readonly end: () => void;
}

export const SignedOutContext = createContext<SigningOut>({ begin: () => undefined, end: () => undefined });

export function useSignedOut(): SigningOut {
  return useContext(SignedOutContext);
}
