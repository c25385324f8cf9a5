import { useContext, useEffect } from 'react';
import { AccountContext } from './account-context.js';
import { storeDeviceSecret } from './device-secrets.js';

/** Stores this sign-in's device secret, so that the server recognises this browser at the next sign-in. */
export function useDeviceSecret(): void {
  const account = useContext(AccountContext);
  useEffect(() => {
    if (account !== null) void storeDeviceSecret(account);
  }, [account]);
}
