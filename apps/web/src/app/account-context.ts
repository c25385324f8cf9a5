import type { AccountClient } from '@everywire/chat-client';
import { createContext, useContext } from 'react';

/** Provides the client of the signed-in account's own settings. */
export const AccountContext = createContext<AccountClient | null>(null);

/** Returns the account client. Throws outside `AccountContext`. */
export function useAccount(): AccountClient {
  const account = useContext(AccountContext);
  if (account === null) throw new Error('useAccount must be called inside an AccountContext.');
  return account;
}
