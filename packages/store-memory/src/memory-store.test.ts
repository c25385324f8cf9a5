import { inspect } from 'node:util';
import { LimitsDifferError } from '@everywire/chat';
import {
  CommitGate,
  type CreateStore,
  describeFileRecordsContract,
  describeStoreContract,
  describeStoreOpeningSeeds,
  holdBefore,
  lowLimits,
  StoreDriver,
  turnOfTheLoop,
} from '@everywire/testkit';
import { describe, expect, it } from 'vitest';
import { MemoryAccounts } from './memory-accounts.js';
import { MemoryStore } from './memory-store.js';

// Runs the contract that every store keeps for the store in memory. An opening is one process (server node) that uses a
// store; several openings may use the same one.

/** The seeds of random tests from `first` to `last`. */
const seeds = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);

let stores = 0;

/** Returns a new epoch. Tests need distinct epochs, not unpredictable ones. */
function nextEpoch(): string {
  stores += 1;
  return stores.toString(16).padStart(16, '0');
}

const createStore: CreateStore = async (limits) => {
  const epoch = nextEpoch();
  const accounts = new MemoryAccounts(limits);
  const stateOf = (user: number) => accounts.stateOf(user);
  const store = new MemoryStore({ epoch, limits, stateOf });
  return {
    store,
    accounts,
    reopen: async () => {
      const backup = store.backup();
      await store.close();
      return new MemoryStore({ epoch, limits, backup });
    },
    another: async () => {
      const gate = new CommitGate();
      const opening = store.another({ gate: gate.pass });
      return { store: opening, accounts: holdBefore(accounts, gate), gate, rest: turnOfTheLoop };
    },
    backup: async () => {
      const backup = store.backup();
      return async () => new MemoryStore({ epoch: nextEpoch(), limits, backup });
    },
    kept: () => inspect(store.backup(), { depth: null, maxArrayLength: null, maxStringLength: null }),
    dispose: () => store.close(),
  };
};

describeStoreContract('memory', createStore);

describeStoreOpeningSeeds('memory', createStore, seeds(1, 20));

describe('further seeds', { tags: ['wide'] }, () => describeStoreOpeningSeeds('memory', createStore, seeds(21, 500)));

describe('late commits', () => {
  const limits = lowLimits({});

  it('rejects what has not committed when it is closed', async () => {
    const gate: (() => void)[] = [];
    const store = new MemoryStore({ epoch: nextEpoch(), limits, gate: (commit) => gate.push(commit) });
    const created = new StoreDriver(store, limits).group(1, [2]);
    await store.close();
    gate[0]?.();
    await expect(created).rejects.toMatchObject({ code: 'busy' });
  });
});

it('rejects another opening with other limits, and accepts one with another answer size', () => {
  const store = new MemoryStore({ epoch: nextEpoch() });
  expect(() => store.another({ limits: lowLimits({ smallMembersMax: 3 }) })).toThrow(LimitsDifferError);
  expect(store.another({ limits: lowLimits({ pageRowsMax: 3 }) }).limits.pageRowsMax).toBe(3);
});

describeFileRecordsContract('memory', async () => {
  const store = new MemoryStore({ epoch: 'e'.repeat(16) });
  return { store, dispose: () => store.close() };
});
