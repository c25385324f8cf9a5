import { describeAccountsContract } from '@everywire/testkit';
import { MemoryAccounts } from './memory-accounts.js';

describeAccountsContract('memory', async () => ({ accounts: new MemoryAccounts(), dispose: async () => {} }));
