import type { User } from '@everywire/chat';
import { expect, test } from 'vitest';
import { type DecoyAccounts, DecoyHash } from './decoy-hash.js';

/** Creates accounts `p1`, `p2` and so on, whose hashes are their names. */
function createAccounts(count: number) {
  const state = { count, counted: 0 };
  const accounts: DecoyAccounts = {
    countUsers: async () => {
      state.counted += 1;
      return state.count;
    },
    users: async (ids) => ids.filter((id) => id <= state.count).map((id) => ({ id, name: `p${id}` }) as User),
    passwordHash: async (name) => ({ user: { name } as User, passwordHash: name }),
  };
  return { accounts, state };
}

const names = Array.from({ length: 50 }, (_, index) => `name${index}`);

test('a name keeps its decoy while users register', async () => {
  const { accounts, state } = createAccounts(100);
  const decoys = new DecoyHash(accounts);
  const draw = () => Promise.all(names.map((name) => decoys.of(name)));
  const first = await draw();
  expect(new Set(first).size).toBeGreaterThan(10);
  state.count = 137;
  expect(await draw()).toEqual(first);
});

test('accounts are counted once, however many users log in', async () => {
  const { accounts, state } = createAccounts(0);
  const decoys = new DecoyHash(accounts);
  expect(await decoys.of('ann')).toBeNull();
  state.count = 3;
  for (const name of names) expect(await decoys.of(name)).toMatch(/^p[123]$/);
  expect(state.counted).toBe(2);
});
