import { type Accounts, type ChatLimits, type CreatedCredential, chatLimits } from '@everywire/chat';
import { afterEach, describe, expect, it } from 'vitest';
import type { AccountsUnderTest } from './accounts-contract.js';
import { registerUser, START } from './people-under-test.js';

const few = { ...chatLimits, credentialsMax: 3 };

/** Describes the contract of the `Accounts` port on the number of sign-ins per person. Every adapter must run all of it. */
export function describeCredentialsContract(
  name: string,
  create: (limits: ChatLimits) => Promise<AccountsUnderTest>,
): void {
  describe(`credentials contract: ${name}`, () => {
    const opened: AccountsUnderTest[] = [];
    const open = async (limits: ChatLimits = few): Promise<Accounts> => {
      const underTest = await create(limits);
      opened.push(underTest);
      return underTest.accounts;
    };
    afterEach(async () => {
      for (const underTest of opened.splice(0)) await underTest.dispose();
    });

    it('limits the sign-ins of one person; one more ends the least recently used', async () => {
      const accounts = await open();
      const [ann, bob] = [(await registerUser(accounts, 'ann')).id, (await registerUser(accounts, 'bob')).id];
      for (const id of ['b', 'a', 'c']) expect(await signIn(accounts, ann, id)).toEqual({ ended: [] });
      await signIn(accounts, bob, 'of bob');
      await accounts.useCredential('token a', START + 60_000);
      expect(await signIn(accounts, ann, 'd', START + 60_000)).toEqual({ ended: ['b'] });
      expect(await accounts.useCredential('token b', START + 60_000)).toBeNull();
      expect(await idsOf(accounts, ann)).toEqual(['a', 'c', 'd']);
      expect(await accounts.countCredentials(ann)).toBe(3);
      expect(await idsOf(accounts, bob)).toEqual(['of bob']);
    });

    it('a new sign-in stays, whatever the recorded times of use of the others', async () => {
      const accounts = await open();
      const { id } = await registerUser(accounts, 'ann');
      for (const name of ['a', 'b', 'c']) await signIn(accounts, id, name, START + 60_000);
      expect(await signIn(accounts, id, 'new', START)).toEqual({ ended: ['a'] });
      expect(await idsOf(accounts, id)).toEqual(['new', 'b', 'c']);
    });

    it('after many concurrent sign-ins the limit is left, and each other one is reported as ended once', async () => {
      const accounts = await open();
      const { id } = await registerUser(accounts, 'ann');
      const made = await Promise.all(Array.from({ length: 20 }, (_, at) => signIn(accounts, id, `s${at}`)));
      const ended = made.flatMap((created) => created?.ended ?? []);
      expect(new Set(ended).size).toBe(17);
      expect(ended).toHaveLength(17);
      expect(await accounts.countCredentials(id)).toBe(3);
    });

    it('a rejected sign-in ends no other one', async () => {
      const accounts = await open();
      const { id } = await registerUser(accounts, 'ann');
      for (const name of ['a', 'b', 'c']) await signIn(accounts, id, name);
      expect(await signIn(accounts, id, 'd', START, 'not the hash')).toBeNull();
      expect(await idsOf(accounts, id)).toEqual(['a', 'b', 'c']);
    });

    it('ends all sign-ins of a person except one, and none of other people', async () => {
      const accounts = await open();
      const [ann, bob] = [(await registerUser(accounts, 'ann')).id, (await registerUser(accounts, 'bob')).id];
      for (const id of ['b', 'a', 'c']) await signIn(accounts, ann, id);
      await signIn(accounts, bob, 'of bob');
      expect(await accounts.revokeCredentials(ann, { allBut: 'b' })).toEqual(['a', 'c']);
      expect(await accounts.revokeCredentials(ann, { allBut: 'b' })).toEqual([]);
      expect(await accounts.revokeCredentials(ann, { allBut: 'of bob' })).toEqual(['b']);
      expect(await idsOf(accounts, bob)).toEqual(['of bob']);
    });

    it('ends a thousand named sign-ins of one person in one step', async () => {
      const accounts = await open({ ...chatLimits, credentialsMax: 1_000 });
      const { id } = await registerUser(accounts, 'ann');
      const ids = Array.from({ length: 1_000 }, (_, at) => String(at).padStart(5, '0'));
      await Promise.all(ids.map((name) => signIn(accounts, id, name)));
      const ended = await accounts.revokeCredentials(id, [...ids].reverse());
      expect(ended).toEqual(ids);
    });
  });
}

function signIn(
  accounts: Accounts,
  user: number,
  id: string,
  at: number = START,
  passwordHash?: string,
): Promise<CreatedCredential | null> {
  const credential = { id, user, label: '', createdAt: at, usedAt: at, transport: '', tokenHash: `token ${id}` };
  return accounts.createCredential(credential, passwordHash);
}

async function idsOf(accounts: Accounts, user: number): Promise<readonly string[]> {
  return (await accounts.credentials(user)).map(({ id }) => id);
}
