import { MemoryAccounts } from '@everywire/store-memory';
import { expect, test } from 'vitest';
import { StoreKeys } from './store-keys.js';

test('nodes that start on an empty store at once derive the same keys, one for each purpose', async () => {
  const accounts = new MemoryAccounts();
  const nodes = [new StoreKeys(accounts), new StoreKeys(accounts)];
  const [one, two] = await Promise.all(nodes.map((keys) => keys.of('broker')));
  expect(two).toEqual(one);
  expect(await new StoreKeys(accounts).of('broker')).toEqual(one);
  expect(await nodes[0]!.of('devices')).not.toEqual(one);
  expect(await new StoreKeys(new MemoryAccounts()).of('broker')).not.toEqual(one);
});

test('a secret that could not be stored is created by the next call', async () => {
  const accounts = new MemoryAccounts();
  let isFull = true;
  const keys = new StoreKeys({
    setting: (name) => accounts.setting(name),
    initSetting: async (name, value) => {
      if (isFull) throw new Error('full');
      return accounts.initSetting(name, value);
    },
  });
  await expect(keys.of('devices')).rejects.toThrow('full');
  isFull = false;
  expect(await keys.of('devices')).toEqual(await new StoreKeys(accounts).of('devices'));
});
