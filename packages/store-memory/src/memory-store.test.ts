import { describeStoreContract } from '@everywire/testkit';
import { MemoryStore } from './memory-store.js';

let stores = 0;

/** A test needs epochs that differ, not ones that cannot be guessed. */
function nextEpoch(): string {
  stores += 1;
  return stores.toString(16).padStart(16, '0');
}

describeStoreContract('memory', async (limits) => {
  const store = new MemoryStore({ epoch: nextEpoch(), limits });
  return {
    store,
    reopen: null,
    backup: async () => {
      const backup = store.backup();
      return async () => new MemoryStore({ epoch: nextEpoch(), limits, backup });
    },
    dispose: () => store.close(),
  };
});
