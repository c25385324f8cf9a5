import { inspect } from 'node:util';
import { describeFileRecordsContract, describeStoreContract, lowLimits, StoreDriver } from '@everywire/testkit';
import { describe, expect, it } from 'vitest';
import { MemoryAccounts } from './memory-accounts.js';
import { MemoryStore } from './memory-store.js';

let stores = 0;

/** A test needs epochs that differ, not ones that cannot be guessed. */
function nextEpoch(): string {
  stores += 1;
  return stores.toString(16).padStart(16, '0');
}

describeStoreContract('memory', async (limits) => {
  const epoch = nextEpoch();
  const accounts = new MemoryAccounts(limits);
  const stateOf = (user: number) => accounts.stateOf(user);
  const store = new MemoryStore({ epoch, limits, stateOf });
  return {
    ...{ store, accounts },
    reopen: async () => {
      const backup = store.backup();
      await store.close();
      return new MemoryStore({ epoch, limits, backup });
    },
    backup: async () => {
      const backup = store.backup();
      return async () => new MemoryStore({ epoch: nextEpoch(), limits, backup });
    },
    kept: () => inspect(store.backup(), { depth: null, maxArrayLength: null, maxStringLength: null }),
    dispose: () => store.close(),
  };
});

describe('late commits', () => {
  const limits = lowLimits({});

  it('[CH-14.1] [CH-14.2] gives what began before a cursor and committed after it to that cursor', async () => {
    const gate: (() => void)[] = [];
    const store = new MemoryStore({ epoch: nextEpoch(), limits, gate: (commit) => gate.push(commit) });
    const driver = new StoreDriver(store, limits);
    const commitNext = (): void => gate.shift()?.();
    const created = driver.group(1, [2]);
    commitNext();
    const id = await created;
    const late = driver.send(1, id, 'begun first');
    const soon = driver.send(1, id, 'begun second');
    gate.pop()?.();
    await soon;
    const { cursor } = await driver.listAll(2, (await driver.listAll(2, null)).cursor);
    commitNext();
    await late;
    expect((await driver.listAll(2, cursor)).entries).toMatchObject([{ sequence: 3, unread: 2 }]);
  });

  it('rejects what has not committed when it is closed', async () => {
    const gate: (() => void)[] = [];
    const store = new MemoryStore({ epoch: nextEpoch(), limits, gate: (commit) => gate.push(commit) });
    const created = new StoreDriver(store, limits).group(1, [2]);
    await store.close();
    gate[0]?.();
    await expect(created).rejects.toMatchObject({ code: 'busy' });
  });
});

describeFileRecordsContract('memory', async () => {
  const store = new MemoryStore({ epoch: 'e'.repeat(16) });
  return { store, dispose: () => store.close() };
});
