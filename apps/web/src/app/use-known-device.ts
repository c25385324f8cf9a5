import { useContext, useEffect } from 'react';
import { AccountContext } from './account-context.js';
import { storeDeviceSecret } from './device-secrets.js';

/** Lets the server know this browser at the next log-in. */
export function useKnownDevice(): void {
  const account = useContext(AccountContext);
  useEffect(() => {
    if (account !== null) void storeDeviceSecret(account);
  }, [account]);
}
