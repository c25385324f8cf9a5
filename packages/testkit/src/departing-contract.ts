import type { Accounts } from '@everywire/chat';
import { afterEach, describe, expect, it } from 'vitest';
import type { AccountsUnderTest } from './accounts-contract.js';
import { newUser, registerUser, START } from './people-under-test.js';

const page = { after: null, limit: 10 };
const MINUTE = 60_000;
const identity = { issuer: 'https://id.example.org', subject: 'ann-42' };

/** Describes the contract of the `Accounts` port on suspended and deleted accounts. Every adapter must run all of it. */
export function describeDepartingContract(name: string, create: () => Promise<AccountsUnderTest>): void {
  const opened: AccountsUnderTest[] = [];
  const open = async (): Promise<Accounts> => {
    const underTest = await create();
    opened.push(underTest);
    return underTest.accounts;
  };

  describe(`departing contract: ${name}`, () => {
    afterEach(async () => {
      for (const underTest of opened.splice(0)) await underTest.dispose();
    });
    describeSuspending(open);
    describeDeleting(open);
    describeSeen(open);
  });
}

type Open = () => Promise<Accounts>;

async function signIn(accounts: Accounts, user: number, id: string, at = START): Promise<void> {
  const times = { createdAt: at, usedAt: at, transport: '' };
  await accounts.createCredential({ id, user, label: 'Firefox', ...times, tokenHash: `token ${id}` });
}

function invite(accounts: Accounts, user: number, kind: 'account' | 'reset'): Promise<string> {
  const link = { id: `${kind} ${user}`, kind, user, label: 'for Eve', createdAt: START, expiresAt: START + MINUTE };
  return accounts.createLink({ ...link, usesMax: 5, secretHash: `secret ${kind} ${user}` });
}

function describeSuspending(open: Open): void {
  it('a suspended account has no sign-in, gets none, and earlier signed tokens are invalid', async () => {
    const accounts = await open();
    const [ann, bob] = [await registerUser(accounts, 'ann'), await registerUser(accounts, 'bob')];
    for (const id of ['a2', 'a1']) await signIn(accounts, ann.id, id);
    await signIn(accounts, bob.id, 'b');
    const suspended = { ...ann, state: 'suspended' } as const;
    expect(await accounts.suspendUser(ann.id, START + 5)).toEqual({
      outcome: 'changed',
      user: suspended,
      ended: ['a1', 'a2'],
    });
    expect(await accounts.credentials(ann.id)).toEqual([]);
    expect((await accounts.privateDetails(ann.id))?.signedOutAt).toBe(START + 5);
    await signIn(accounts, ann.id, 'late');
    expect(await accounts.useCredential('token late', START)).toBeNull();
    expect(await accounts.useCredential('token b', START)).not.toBeNull();
    expect(await accounts.suspendUser(ann.id, START + 6)).toMatchObject({ outcome: 'changed', ended: [] });
    expect(await accounts.passwordHash('ann')).toEqual({ user: suspended, passwordHash: 'hash of ann' });
    expect(await accounts.reactivateUser(ann.id)).toEqual({ outcome: 'changed', user: ann, ended: [] });
    expect(await accounts.useCredential('token late', START)).toBeNull();
    await signIn(accounts, ann.id, 'new');
    expect(await accounts.useCredential('token new', START)).toMatchObject({ user: ann });
  });

  it('links of a suspended account are unusable, and its password reset links stay unusable', async () => {
    const accounts = await open();
    const ann = await registerUser(accounts, 'ann');
    for (const kind of ['account', 'reset'] as const) await invite(accounts, ann.id, kind);
    await accounts.suspendUser(ann.id, START);
    const [invitation, reset] = [`secret account ${ann.id}`, `secret reset ${ann.id}`];
    const set = { user: ann.id, passwordHash: 'other' };
    expect(await accounts.link(invitation, START)).toBeNull();
    expect([await accounts.links(ann.id, START, page), await accounts.links(null, START, page)]).toEqual([[], []]);
    expect((await accounts.joinByLink(invitation, newUser('eve'), START)).outcome).toBe('link_ended');
    expect((await accounts.redeemLink(reset, 'reset', set, START)).outcome).toBe('link_ended');
    await invite(accounts, ann.id, 'reset');
    expect((await accounts.redeemLink(reset, 'reset', set, START)).outcome).toBe('link_ended');
    await accounts.suspendUser(ann.id, START);
    await accounts.reactivateUser(ann.id);
    expect((await accounts.redeemLink(reset, 'reset', set, START)).outcome).toBe('link_ended');
    expect((await accounts.joinByLink(invitation, newUser('eve'), START)).outcome).toBe('joined');
    expect((await accounts.passwordHash('ann'))?.passwordHash).toBe('hash of ann');
  });

  it('a suspended account cannot redeem a link of another account', async () => {
    const accounts = await open();
    const [ann, bob] = [await registerUser(accounts, 'ann'), await registerUser(accounts, 'bob', { role: 'guest' })];
    await invite(accounts, ann.id, 'account');
    await accounts.suspendUser(bob.id, START);
    const upgrade = { user: bob.id, role: 'member' } as const;
    const redeemed = await accounts.redeemLink(`secret account ${ann.id}`, 'account', upgrade, START);
    expect(redeemed).toEqual({ outcome: 'link_ended' });
  });

  it('a conditional change does nothing when the condition does not hold', async () => {
    const accounts = await open();
    const [ann, gus] = [await registerUser(accounts, 'ann'), await registerUser(accounts, 'gus', { role: 'guest' })];
    const [active, guest] = [{ state: 'active' } as const, { role: 'guest' } as const];
    expect(await accounts.changeUser(ann.id, { status: 'in' }, active)).toMatchObject({ outcome: 'changed' });
    expect(await accounts.changeUser(ann.id, { status: 'no' }, guest)).toEqual({ outcome: 'other_role' });
    expect(await accounts.changeUser(ann.id, { status: 'no' }, { ...active, ...guest })).toEqual({
      outcome: 'other_role',
    });
    await accounts.suspendUser(ann.id, START);
    await accounts.suspendUser(gus.id, START);
    expect(await accounts.changeUser(ann.id, { status: 'no' }, active)).toEqual({ outcome: 'not_active' });
    expect(await accounts.changeUser(gus.id, { role: 'member', passwordHash: 'x' }, { ...active, ...guest })).toEqual({
      outcome: 'not_active',
    });
    expect(await accounts.changeUser(ann.id, { displayName: 'Anne' })).toMatchObject({ outcome: 'changed' });
    expect(await accounts.users([ann.id, gus.id])).toMatchObject([
      { status: 'in', displayName: 'Anne' },
      { role: 'guest', state: 'suspended' },
    ]);
    expect((await accounts.passwordHash('gus'))?.passwordHash).toBe('hash of gus');
    await accounts.deleteUser(gus.id, 'keep', START);
    expect(await accounts.changeUser(gus.id, { status: 'no' }, active)).toEqual({ outcome: 'not_found' });
  });

  it('a suspended account gets no new password, second factor or link', async () => {
    const accounts = await open();
    const { id } = await registerUser(accounts, 'ann');
    await accounts.beginSecondFactor(id, 'AAAA');
    await accounts.suspendUser(id, START);
    expect(await accounts.setPasswordHash(id, 'other', 'hash of ann')).toBe(false);
    expect(await accounts.beginSecondFactor(id, 'BBBB')).toBe(false);
    expect(await accounts.confirmSecondFactor(id, { secret: 'AAAA', step: 1 }, ['one'])).toBe(false);
    expect(await accounts.removeSecondFactor(id)).toBe(false);
    expect([await invite(accounts, id, 'account'), await invite(accounts, id, 'reset')]).toEqual(
      Array.from({ length: 2 }, () => 'not_active'),
    );
    await accounts.reactivateUser(id);
    expect(await accounts.secondFactor(id)).toEqual({ secret: 'AAAA', confirmed: false, recoveryCodesLeft: 0 });
    expect((await accounts.passwordHash('ann'))?.passwordHash).toBe('hash of ann');
    expect([
      await accounts.link(`secret account ${id}`, START),
      await accounts.link(`secret reset ${id}`, START),
    ]).toEqual([null, null]);
    expect([await accounts.removeSecondFactor(id), await accounts.secondFactor(id)]).toEqual([true, null]);
    await accounts.deleteUser(id, 'keep', START);
    expect([await accounts.beginSecondFactor(id, 'CCCC'), await accounts.secondFactor(id)]).toEqual([false, null]);
  });

  it('a search finds accounts of the requested states, by default active ones', async () => {
    const accounts = await open();
    const [ann, bob, carl] = [
      await registerUser(accounts, 'ann'),
      await registerUser(accounts, 'bob'),
      await registerUser(accounts, 'carl'),
    ];
    await accounts.suspendUser(bob.id, START);
    await accounts.deleteUser(carl.id, 'keep', START);
    const ids = async (...states: readonly ('active' | 'suspended')[]) =>
      (await accounts.searchUsers('', null, 10, states)).map(({ id }) => id);
    expect((await accounts.searchUsers('', null, 10)).map(({ id }) => id)).toEqual([ann.id]);
    expect(await ids('active', 'suspended')).toEqual([ann.id, bob.id]);
    expect(await ids('suspended')).toEqual([bob.id]);
    expect((await accounts.searchUsers('', ann.id, 10, ['suspended', 'active'])).map(({ id }) => id)).toEqual([bob.id]);
  });

  it('the last active administrator cannot be suspended, deleted or demoted', async () => {
    const accounts = await open();
    const ann = await registerUser(accounts, 'ann', { role: 'administrator' });
    const bob = await registerUser(accounts, 'bob', { role: 'administrator' });
    expect((await accounts.suspendUser(bob.id, START)).outcome).toBe('changed');
    expect(await accounts.countAdministrators()).toBe(1);
    expect(await accounts.suspendUser(ann.id, START)).toEqual({ outcome: 'last_administrator' });
    expect(await accounts.deleteUser(ann.id, 'keep', START)).toEqual({ outcome: 'last_administrator' });
    expect(await accounts.changeUser(ann.id, { role: 'member' })).toEqual({ outcome: 'last_administrator' });
    expect(await accounts.users([ann.id])).toEqual([ann]);
    expect((await accounts.changeUser(bob.id, { role: 'member' })).outcome).toBe('changed');
    await accounts.changeUser(bob.id, { role: 'administrator' });
    await accounts.reactivateUser(bob.id);
    const outcomes = await Promise.all([ann, bob].map(({ id }) => accounts.suspendUser(id, START)));
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['changed', 'last_administrator']);
  });

  it('a missing account is not found', async () => {
    const accounts = await open();
    const outcomes = await Promise.all([
      accounts.suspendUser(9, START),
      accounts.reactivateUser(9),
      accounts.deleteUser(9, 'keep', START),
    ]);
    expect(outcomes).toEqual(outcomes.map(() => ({ outcome: 'not_found' })));
    expect(await accounts.erasures()).toEqual([]);
  });
}

function describeDeleting(open: Open): void {
  it('only the id and the state of a deleted account remain, and its name is free', async () => {
    const accounts = await open();
    const ann = await registerUser(accounts, 'ann', { email: 'ann@example.org', avatar: '/a.png' });
    await accounts.changeUser(ann.id, { status: 'at the lake' });
    await signIn(accounts, ann.id, 'a');
    await invite(accounts, ann.id, 'account');
    await accounts.beginSecondFactor(ann.id, 'AAAA');
    const nothing = { name: '', displayName: '', status: '', avatar: '', role: 'member' } as const;
    const deleted = { ...nothing, id: ann.id, createdAt: START, state: 'deleted' } as const;
    expect(await accounts.deleteUser(ann.id, 'remove', START + 1)).toEqual({
      outcome: 'changed',
      user: deleted,
      ended: ['a'],
    });
    expect(await accounts.users([ann.id])).toEqual([deleted]);
    expect(await accounts.passwordHash('ann')).toBeNull();
    expect(await accounts.passwordHash('')).toBeNull();
    expect(await accounts.usersByEmail('ann@example.org', 5)).toEqual([]);
    expect(await accounts.secondFactor(ann.id)).toBeNull();
    expect(await accounts.privateDetails(ann.id)).toMatchObject({ email: '', hasPassword: false });
    expect((await accounts.joinByLink(`secret account ${ann.id}`, newUser('eve'), START)).outcome).toBe('link_ended');
    for (const again of [
      await accounts.suspendUser(ann.id, START),
      await accounts.reactivateUser(ann.id),
      await accounts.deleteUser(ann.id, 'keep', START),
      await accounts.changeUser(ann.id, { displayName: 'Ann again' }),
    ])
      expect(again).toEqual({ outcome: 'not_found' });
    expect(await registerUser(accounts, 'ann')).toMatchObject({ name: 'ann', state: 'active' });
    const bob = await registerUser(accounts, 'bob');
    expect((await accounts.deleteUser(bob.id, 'keep', START)).outcome).toBe('changed');
  });

  it('an identity of a deleted account cannot create a new account', async () => {
    const accounts = await open();
    const ann = await accounts.createUserOf(identity, newUser('ann', { passwordHash: null }));
    await accounts.deleteUser(ann?.id ?? 0, 'keep', START);
    expect(await accounts.userOf(identity)).toMatchObject({ id: ann?.id, state: 'deleted' });
    expect(await accounts.createUserOf(identity, newUser('ann'))).toMatchObject({ id: ann?.id, state: 'deleted' });
    expect(await accounts.countUsers()).toBe(1);
    expect(await accounts.userOf({ ...identity, subject: 'ann-43' })).toBeNull();
  });

  it('lists pending erasures and their kind until they are settled', async () => {
    const accounts = await open();
    const [ann, bob] = [await registerUser(accounts, 'ann'), await registerUser(accounts, 'bob')];
    await accounts.deleteUser(bob.id, 'remove', START);
    await accounts.deleteUser(ann.id, 'keep', START);
    expect(await accounts.erasures()).toEqual([
      { user: ann.id, texts: 'keep' },
      { user: bob.id, texts: 'remove' },
    ]);
    await accounts.settleErasure(bob.id);
    await accounts.settleErasure(bob.id);
    expect(await accounts.erasures()).toEqual([{ user: ann.id, texts: 'keep' }]);
  });
}

function describeSeen(open: Open): void {
  it('remembers when a person was last seen, even after the sign-in has ended', async () => {
    const accounts = await open();
    const ann = await registerUser(accounts, 'ann');
    const seen = async () => (await accounts.privateDetails(ann.id))?.seenAt;
    expect(await seen()).toBe(0);
    await signIn(accounts, ann.id, 'a', START);
    expect(await seen()).toBe(START);
    await accounts.useCredential('token a', START + MINUTE - 1);
    expect(await seen()).toBe(START);
    await accounts.useCredential('token a', START + MINUTE);
    await accounts.revokeCredentials(ann.id, 'all');
    expect(await seen()).toBe(START + MINUTE);
    await accounts.noteSeen(ann.id, START + 2 * MINUTE - 1);
    expect(await seen()).toBe(START + MINUTE);
    await accounts.noteSeen(ann.id, START + 2 * MINUTE);
    expect(await seen()).toBe(START + 2 * MINUTE);
    await accounts.noteSeen(ann.id, START);
    expect(await seen()).toBe(START);
  });
}
