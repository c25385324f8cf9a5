import type { Accounts, Link, LinkKind, NewUser, User } from '@everywire/chat';
import { afterEach, describe, expect, it } from 'vitest';
import type { AccountsUnderTest } from './accounts-contract.js';

const hour = 3_600_000;
const start = 1_700_000_000_000;

/** The contract of the `Accounts` port on how people come in and what is changed of them; every adapter runs it whole. */
export function describeAdmissionContract(name: string, create: () => Promise<AccountsUnderTest>): void {
  const opened: AccountsUnderTest[] = [];
  const open = async (): Promise<Accounts> => {
    const underTest = await create();
    opened.push(underTest);
    return underTest.accounts;
  };

  describe(`admission contract: ${name}`, () => {
    afterEach(async () => {
      for (const underTest of opened.splice(0)) await underTest.dispose();
    });
    describeChanges(open);
    describeLinks(open);
    describeIdentities(open);
    describeSecondFactors(open);
  });
}

type Open = () => Promise<Accounts>;

function newUser(login: string, more: Partial<NewUser> = {}): NewUser {
  return { name: login, displayName: login, passwordHash: `hash of ${login}`, createdAt: start, ...more };
}

async function register(accounts: Accounts, login: string, more: Partial<NewUser> = {}): Promise<User> {
  const user = await accounts.createUser(newUser(login, more));
  if (user === null) throw new Error(`${login} is taken`);
  return user;
}

function describeChanges(open: Open): void {
  it('changes what is named of a person, and nothing else', async () => {
    const accounts = await open();
    const ann = await register(accounts, 'ann', { email: 'Ann@Example.org' });
    const change = { displayName: 'Ann 陈', status: 'at the lake', avatar: 'https://example.org/a.png' };
    const changed = { ...ann, ...change };
    expect(await accounts.changeUser(ann.id, change)).toEqual({ outcome: 'changed', user: changed });
    expect(await accounts.users([ann.id])).toEqual([changed]);
    expect(await accounts.passwordHash('ann')).toEqual({ user: changed, passwordHash: 'hash of ann' });
    expect((await accounts.searchUsers('陈', null, 10)).map((user) => user.id)).toEqual([ann.id]);
    const details = { email: 'Ann@Example.org', hasPassword: true, signedOutAt: 0 };
    expect(await accounts.privateDetails(ann.id)).toEqual(details);
    await accounts.changeUser(ann.id, { passwordHash: 'new', email: '', signedOutAt: start });
    expect(await accounts.privateDetails(ann.id)).toEqual({ email: '', hasPassword: true, signedOutAt: start });
    expect((await accounts.passwordHash('ann'))?.passwordHash).toBe('new');
    expect(await accounts.changeUser(999, change)).toEqual({ outcome: 'not_found' });
    expect(await accounts.privateDetails(999)).toBeNull();
  });

  it('a changed name is found by the new one alone, and refused where it is taken', async () => {
    const accounts = await open();
    const ann = await register(accounts, 'ann');
    await register(accounts, 'Bob');
    expect(await accounts.changeUser(ann.id, { name: 'BOB', status: 'x' })).toEqual({ outcome: 'name_taken' });
    expect((await accounts.users([ann.id]))[0]?.status).toBe('');
    expect((await accounts.changeUser(ann.id, { name: 'ANN' })).outcome).toBe('changed');
    await accounts.changeUser(ann.id, { name: 'carl' });
    expect(await accounts.passwordHash('ann')).toBeNull();
    expect((await accounts.passwordHash('Carl'))?.user.id).toBe(ann.id);
    expect(await accounts.createUser(newUser('ann'))).not.toBeNull();
  });

  it('never loses its last administrator', async () => {
    const accounts = await open();
    expect(await accounts.countAdministrators()).toBe(0);
    const ann = await register(accounts, 'ann', { role: 'administrator' });
    const bob = await register(accounts, 'bob');
    expect(await accounts.changeUser(ann.id, { role: 'member' })).toEqual({ outcome: 'last_administrator' });
    await accounts.changeUser(bob.id, { role: 'administrator' });
    expect(await accounts.countAdministrators()).toBe(2);
    expect((await accounts.changeUser(ann.id, { role: 'member' })).outcome).toBe('changed');
    expect((await accounts.users([ann.id, bob.id])).map((user) => user.role)).toEqual(['member', 'administrator']);
  });

  it('has people without a password, and finds people by their address', async () => {
    const accounts = await open();
    const ann = await register(accounts, 'ann', { passwordHash: null, role: 'guest' });
    expect(await accounts.passwordHash('ann')).toEqual({ user: ann, passwordHash: null });
    expect((await accounts.privateDetails(ann.id))?.hasPassword).toBe(false);
    const bob = await register(accounts, 'bob', { email: 'Both@Example.org' });
    const carl = await register(accounts, 'carl', { email: 'both@example.ORG' });
    expect(await accounts.usersByEmail('BOTH@example.org', 5)).toEqual([bob, carl]);
    expect(await accounts.usersByEmail('both@example.org', 1)).toEqual([bob]);
    expect(await accounts.usersByEmail('', 5)).toEqual([]);
  });

  it('keeps what an administrator chose, until it is taken back', async () => {
    const accounts = await open();
    expect(await accounts.setting('registration')).toBeNull();
    await accounts.setSetting('registration', 'closed');
    await accounts.setSetting('registration', 'invitation');
    expect(await accounts.setting('registration')).toBe('invitation');
    await accounts.setSetting('registration', null);
    await accounts.setSetting('registration', null);
    expect(await accounts.setting('registration')).toBeNull();
  });
}

function linkOf(
  kind: LinkKind,
  id: string,
  user: number | null,
  usesMax = 1,
): Omit<Link, 'uses'> & { secretHash: string } {
  const times = { createdAt: start, expiresAt: start + hour };
  return { id, kind, user, label: `label ${id}`, ...times, usesMax, secretHash: `secret ${id}` };
}

function describeLinks(open: Open): void {
  it('[A18] of all who use the set-up link at once one becomes the administrator', async () => {
    const accounts = await open();
    await accounts.createLink(linkOf('setup', 's', null));
    const joining = ['ann', 'bob', 'carl'].map((login) => accounts.joinByLink('secret s', newUser(login), start));
    const outcomes = (await Promise.all(joining)).map((joined) => joined.outcome).sort();
    expect(outcomes).toEqual(['joined', 'link_ended', 'link_ended']);
    expect([await accounts.countAdministrators(), await accounts.countUsers()]).toEqual([1, 1]);
  });

  it('[A18] no set-up link makes a second administrator', async () => {
    const accounts = await open();
    const ann = await register(accounts, 'ann', { role: 'administrator' });
    await accounts.createLink(linkOf('setup', 's', null));
    expect(await accounts.joinByLink('secret s', newUser('bob'), start)).toEqual({ outcome: 'link_ended' });
    const claim = { user: ann.id, role: 'administrator' } as const;
    expect(await accounts.redeemLink('secret s', 'setup', claim, start)).toEqual({ outcome: 'link_ended' });
    expect(await accounts.countUsers()).toBe(1);
  });

  it('somebody who is known can become the first administrator', async () => {
    const accounts = await open();
    const ann = await register(accounts, 'ann');
    await accounts.createLink(linkOf('setup', 's', null));
    const claim = { user: ann.id, role: 'administrator' } as const;
    expect(await accounts.redeemLink('secret s', 'account', claim, start)).toEqual({ outcome: 'link_ended' });
    expect(await accounts.redeemLink('secret s', 'setup', claim, start)).toEqual({
      outcome: 'changed',
      user: { ...ann, role: 'administrator' },
    });
  });

  it('lets in as many as it says, with the role of its kind, until it expires', async () => {
    const accounts = await open();
    const ann = await register(accounts, 'ann');
    await accounts.createLink(linkOf('guest', 'g', ann.id, 2));
    await accounts.createLink(linkOf('account', 'a', ann.id, 2));
    const guest = await accounts.joinByLink('secret g', newUser('one', { passwordHash: null }), start);
    expect(guest).toMatchObject({
      outcome: 'joined',
      user: { role: 'guest' },
      link: { id: 'g', user: ann.id, uses: 1 },
    });
    expect((await accounts.joinByLink('secret g', newUser('ANN'), start)).outcome).toBe('name_taken');
    expect((await accounts.joinByLink('secret g', newUser('two'), start)).outcome).toBe('joined');
    expect((await accounts.joinByLink('secret g', newUser('three'), start)).outcome).toBe('link_ended');
    expect(await accounts.joinByLink('secret a', newUser('four'), start)).toMatchObject({ user: { role: 'member' } });
    expect((await accounts.joinByLink('secret a', newUser('five'), start + hour)).outcome).toBe('link_ended');
    expect((await accounts.joinByLink('secret x', newUser('five'), start)).outcome).toBe('link_ended');
    expect(await accounts.countUsers()).toBe(4);
  });

  it('lists what can still be used, of one person or of all, and ends what is revoked', async () => {
    const accounts = await open();
    const [ann, bob] = [await register(accounts, 'ann'), await register(accounts, 'bob')];
    const ids = async (user: number | null, now = start): Promise<readonly string[]> =>
      (await accounts.links(user, now)).map((link) => link.id);
    for (const link of [
      linkOf('account', 'a1', ann.id),
      linkOf('guest', 'a2', ann.id),
      linkOf('account', 'b1', bob.id),
    ])
      await accounts.createLink(link);
    await accounts.createLink(linkOf('reset', 'r', ann.id));
    await accounts.createLink(linkOf('setup', 's', null));
    expect(await accounts.link('secret a1', start)).toEqual({
      ...{ id: 'a1', kind: 'account', user: ann.id, label: 'label a1' },
      ...{ createdAt: start, expiresAt: start + hour, usesMax: 1, uses: 0 },
    });
    expect([await ids(ann.id), await ids(null)]).toEqual([
      ['a1', 'a2'],
      ['a1', 'a2', 'b1'],
    ]);
    expect([await accounts.revokeLink('b1', ann.id), await accounts.revokeLink('a1', ann.id)]).toEqual([false, true]);
    expect([await accounts.revokeLink('b1', null), await accounts.revokeLink('b1', null)]).toEqual([true, false]);
    expect((await accounts.joinByLink('secret a1', newUser('carl'), start)).outcome).toBe('link_ended');
    expect(await accounts.link('secret a1', start)).toBeNull();
    await accounts.joinByLink('secret a2', newUser('carl'), start);
    expect([await ids(null), await ids(null, start + hour)]).toEqual([[], []]);
  });

  it('[A6] a link for a new password is used once, and a newer one ends it', async () => {
    const accounts = await open();
    const [ann, bob] = [await register(accounts, 'ann'), await register(accounts, 'bob')];
    await accounts.createLink(linkOf('reset', 'b', bob.id));
    await accounts.createLink(linkOf('reset', 'r1', ann.id));
    await accounts.createLink(linkOf('reset', 'r2', ann.id));
    const set = (secret: string, passwordHash: string) =>
      accounts.redeemLink(secret, 'reset', { user: ann.id, passwordHash }, start);
    expect((await set('secret r1', 'no')).outcome).toBe('link_ended');
    expect((await accounts.joinByLink('secret r2', newUser('eve'), start)).outcome).toBe('link_ended');
    const outcomes = (await Promise.all([set('secret r2', 'first'), set('secret r2', 'second')])).map(
      (each) => each.outcome,
    );
    expect(outcomes.sort()).toEqual(['changed', 'link_ended']);
    expect(['first', 'second']).toContain((await accounts.passwordHash('ann'))?.passwordHash);
    expect((await accounts.passwordHash('bob'))?.passwordHash).toBe('hash of bob');
    expect(await accounts.link('secret b', start)).toMatchObject({ kind: 'reset', user: bob.id });
  });
}

function describeIdentities(open: Open): void {
  it('makes the person of an identity once, also when both come at once', async () => {
    const accounts = await open();
    const identity = { issuer: 'https://id.example.org', subject: '42' };
    expect(await accounts.userOf(identity)).toBeNull();
    const made = await Promise.all(
      ['ann', 'ann-2'].map((login) => accounts.createUserOf(identity, newUser(login, { passwordHash: null }))),
    );
    expect(made[0]).toEqual(made[1]);
    expect(await accounts.userOf(identity)).toEqual(made[0]);
    expect(await accounts.countUsers()).toBe(1);
    expect(await accounts.userOf({ ...identity, issuer: 'https://other.example.org' })).toBeNull();
    const other = { ...identity, subject: '43' };
    expect(await accounts.createUserOf(other, newUser('ANN'))).toBeNull();
    expect(await accounts.userOf(other)).toBeNull();
  });
}

function describeSecondFactors(open: Open): void {
  it('asks for a second factor once a code was seen, and takes each step once', async () => {
    const accounts = await open();
    const { id } = await register(accounts, 'ann');
    expect(await accounts.secondFactor(id)).toBeNull();
    expect(await accounts.confirmSecondFactor(id, 10, [])).toBe(false);
    expect(await accounts.beginSecondFactor(id, 'AAAA')).toBe(true);
    expect(await accounts.useSecondFactorStep(id, 10)).toBe(false);
    expect(await accounts.beginSecondFactor(id, 'BBBB')).toBe(true);
    expect(await accounts.secondFactor(id)).toEqual({ secret: 'BBBB', confirmed: false, recoveryCodesLeft: 0 });
    expect(await accounts.confirmSecondFactor(id, 10, ['one', 'two'])).toBe(true);
    expect(await accounts.beginSecondFactor(id, 'CCCC')).toBe(false);
    expect(await accounts.secondFactor(id)).toEqual({ secret: 'BBBB', confirmed: true, recoveryCodesLeft: 2 });
    expect(await accounts.useSecondFactorStep(id, 10)).toBe(false);
    const both = await Promise.all([accounts.useSecondFactorStep(id, 12), accounts.useSecondFactorStep(id, 12)]);
    expect(both.sort()).toEqual([false, true]);
    expect(await accounts.useSecondFactorStep(id, 11)).toBe(false);
  });

  it('takes each recovery code once, and forgets all with the factor', async () => {
    const accounts = await open();
    const { id } = await register(accounts, 'ann');
    await accounts.beginSecondFactor(id, 'AAAA');
    await accounts.confirmSecondFactor(id, 1, ['one', 'two']);
    const both = await Promise.all([accounts.useRecoveryCode(id, 'one'), accounts.useRecoveryCode(id, 'one')]);
    expect(both.sort()).toEqual([false, true]);
    expect(await accounts.useRecoveryCode(id, 'three')).toBe(false);
    expect((await accounts.secondFactor(id))?.recoveryCodesLeft).toBe(1);
    await accounts.removeSecondFactor(id);
    await accounts.removeSecondFactor(id);
    expect(await accounts.secondFactor(id)).toBeNull();
    expect(await accounts.useRecoveryCode(id, 'two')).toBe(false);
  });
}
