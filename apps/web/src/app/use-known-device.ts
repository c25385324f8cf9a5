import { useContext, useEffect } from 'react';
import { AccountContext } from './account-context.js';
import { learnDevice } from './device-keeper.js';

/** Lets the server know this browser at the next log-in. */
export function useKnownDevice(): void {
  const account = useContext(AccountContext);
  useEffect(() => {
    if (account !== null) void learnDevice(account);
  }, [account]);
}
