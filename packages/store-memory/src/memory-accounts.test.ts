import { describeAccountsContract, describeAdmissionContract } from '@everywire/testkit';
import { MemoryAccounts } from './memory-accounts.js';

describeAccountsContract('memory', async () => ({ accounts: new MemoryAccounts(), dispose: async () => {} }));

describeAdmissionContract('memory', async () => ({ accounts: new MemoryAccounts(), dispose: async () => {} }));
