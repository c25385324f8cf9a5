import type { AccountClient } from '@everywire/chat-client';
import { createContext, useContext } from 'react';

/** The account that is signed in, as the settings change it. */
export const AccountContext = createContext<AccountClient | null>(null);

export function useAccount(): AccountClient {
  const account = useContext(AccountContext);
  if (account === null) throw new Error('There is no account above this component.');
  return account;
}
