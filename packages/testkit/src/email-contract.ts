import type { AccountLinkKind, Accounts } from '@everywire/chat';
import { expect, it } from 'vitest';
import { newUser, registerUser, START } from './people-under-test.js';

const MINUTE = 60_000;

/** Describes the part of the admission contract on e-mail addresses. `open` returns an empty `Accounts`. */
export function describeEmailAddresses(open: () => Promise<Accounts>): void {
  const isConfirmed = async (accounts: Accounts, user: number): Promise<boolean | undefined> =>
    (await accounts.privateDetails(user))?.emailConfirmed;

  async function createCode(
    accounts: Accounts,
    user: number,
    id: string,
    kind: AccountLinkKind = 'email',
  ): Promise<void> {
    const times = { createdAt: START, expiresAt: START + MINUTE };
    const link = { id, kind, user, label: '', ...times, usesMax: 1, secretHash: `hash ${id}` };
    expect(await accounts.createLink(link)).toBe('created');
  }

  const redeem = (accounts: Accounts, user: number, id: string, now = START) =>
    accounts.redeemLink(`hash ${id}`, 'email', { user, emailConfirmed: true }, now).then(({ outcome }) => outcome);

  it('a code confirms an address once, and a changed address is unconfirmed', async () => {
    const accounts = await open();
    const { id } = await registerUser(accounts, 'ann', { email: 'ann@example.org' });
    expect(await isConfirmed(accounts, id)).toBe(false);
    await createCode(accounts, id, 'c');
    expect(await redeem(accounts, id, 'c', START + MINUTE)).toBe('link_ended');
    expect(await isConfirmed(accounts, id)).toBe(false);
    expect([await redeem(accounts, id, 'c'), await redeem(accounts, id, 'c')]).toEqual(['changed', 'link_ended']);
    expect(await isConfirmed(accounts, id)).toBe(true);
    await accounts.changeUser(id, { email: 'ann@example.org', status: 'here' });
    await accounts.changeUser(id, { passwordHash: 'another' });
    expect(await isConfirmed(accounts, id)).toBe(true);
    await accounts.changeUser(id, { email: 'Ann@example.org' });
    expect(await isConfirmed(accounts, id)).toBe(false);
    await accounts.changeUser(id, { email: 'ann@example.org' });
    expect(await isConfirmed(accounts, id)).toBe(false);
  });

  it('a code is invalidated by another address, another password, a newer code and a suspension, and is no invitation', async () => {
    const accounts = await open();
    const { id } = await registerUser(accounts, 'ann', { email: 'ann@example.org' });
    const afterwards = async (code: string, change: () => Promise<unknown>): Promise<string> => {
      await createCode(accounts, id, code);
      await change();
      return redeem(accounts, id, code);
    };
    expect(await afterwards('a', () => accounts.changeUser(id, { email: 'new@example.org' }))).toBe('link_ended');
    expect(await afterwards('b', () => accounts.changeUser(id, { passwordHash: 'new' }))).toBe('link_ended');
    expect(await afterwards('c', () => createCode(accounts, id, 'd'))).toBe('link_ended');
    expect((await accounts.joinByLink('hash d', newUser('eve'), START)).outcome).toBe('link_ended');
    expect(await afterwards('e', () => createCode(accounts, id, 'r', 'reset'))).toBe('changed');
    const suspend = async (): Promise<void> => {
      await accounts.suspendUser(id, START);
      await accounts.reactivateUser(id);
    };
    expect(await afterwards('f', suspend)).toBe('link_ended');
  });

  it('a new password confirms the address on request, but never an empty one', async () => {
    const accounts = await open();
    const ann = await registerUser(accounts, 'ann', { email: 'ann@example.org' });
    const bob = await registerUser(accounts, 'bob');
    for (const { id } of [ann, bob]) {
      await createCode(accounts, id, `r${id}`, 'reset');
      const change = { user: id, passwordHash: 'new', emailConfirmed: true } as const;
      expect((await accounts.redeemLink(`hash r${id}`, 'reset', change, START)).outcome).toBe('changed');
    }
    expect([await isConfirmed(accounts, ann.id), await isConfirmed(accounts, bob.id)]).toEqual([true, false]);
    await accounts.changeUser(bob.id, { email: 'bob@example.org' });
    expect(await isConfirmed(accounts, bob.id)).toBe(false);
    await accounts.deleteUser(ann.id, 'keep', START);
    expect(await accounts.privateDetails(ann.id)).toMatchObject({ email: '', emailConfirmed: false });
  });

  it('people who confirmed a shared address come first', async () => {
    const accounts = await open();
    const email = 'ann@example.org';
    await registerUser(accounts, 'eve', { email });
    const mallory = await registerUser(accounts, 'mallory', { email });
    const ann = await registerUser(accounts, 'ann', { email: 'ANN@example.org' });
    const names = async (limit: number) => (await accounts.usersByEmail(email, limit)).map(({ name }) => name);
    expect(await names(5)).toEqual(['eve', 'mallory', 'ann']);
    await accounts.changeUser(ann.id, { emailConfirmed: true });
    expect([await names(5), await names(1)]).toEqual([['ann', 'eve', 'mallory'], ['ann']]);
    await accounts.changeUser(mallory.id, { emailConfirmed: true });
    expect(await names(5)).toEqual(['mallory', 'ann', 'eve']);
  });
}
