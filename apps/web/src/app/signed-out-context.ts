import { createContext, useContext } from 'react';

/** Callbacks for signing out on this device. */
interface SigningOut {
  /** Must be called before the request to the server, which ends the session before it answers. */
  readonly begin: () => void;
  /** Called when this device has no account any more. */
  readonly end: () => void;
}

/** Provides the sign-out callbacks. */
export const SignedOutContext = createContext<SigningOut>({ begin: () => undefined, end: () => undefined });

/** Returns the sign-out callbacks. */
export function useSignedOut(): SigningOut {
  return useContext(SignedOutContext);
}
