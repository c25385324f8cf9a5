import {
  describeAccountsContract,
  describeAdmissionContract,
  describeCredentialsContract,
  describeDepartingContract,
} from '@everywire/testkit';
import { MemoryAccounts } from './memory-accounts.js';

describeAccountsContract('memory', async () => ({ accounts: new MemoryAccounts(), dispose: async () => {} }));

describeAdmissionContract('memory', async () => ({ accounts: new MemoryAccounts(), dispose: async () => {} }));

describeCredentialsContract('memory', async (limits) => ({
  accounts: new MemoryAccounts(limits),
  dispose: async () => {},
}));

describeDepartingContract('memory', async () => ({ accounts: new MemoryAccounts(), dispose: async () => {} }));
