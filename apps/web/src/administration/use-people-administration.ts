import { createPeopleAdministration, type PeopleAdministration } from '@everywire/chat-client';
import { useMemo } from 'react';
import { useAccount } from '../app/account-context.js';

/** Returns the functions by which an administrator lists, suspends and deletes accounts, for the account that is signed in. */
export function usePeopleAdministration(): PeopleAdministration {
  const account = useAccount();
  return useMemo(() => createPeopleAdministration(account), [account]);
}
