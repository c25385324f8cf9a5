import { createPeopleAdministration, type PeopleAdministration } from '@everywire/chat-client';
import { useMemo } from 'react';
import { useAccount } from '../app/account-context.js';

/** Returns the functions with which an administrator lists, suspends and deletes accounts, for the signed-in account. */
export function usePeopleAdministration(): PeopleAdministration {
  const account = useAccount();
  return useMemo(() => createPeopleAdministration(account), [account]);
}
