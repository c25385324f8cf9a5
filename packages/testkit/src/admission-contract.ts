import type { Accounts } from '@everywire/chat';
import { afterEach, describe, expect, it } from 'vitest';
import type { AccountsUnderTest } from './accounts-contract.js';
import { describeEmailAddresses } from './email-contract.js';
import { describeInvitations } from './invitations-contract.js';
import { describeLinks } from './links-contract.js';
import { newUser, registerUser, START } from './people-under-test.js';

/** Describes the contract of the `Accounts` port on admission and account changes. Every adapter must run all of it. */
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
    describeEmailAddresses(open);
    describeInvitations(open);
    describeIdentities(open);
    describeSecondFactors(open);
  });
}

type Open = () => Promise<Accounts>;

function describeChanges(open: Open): void {
  it('changes only the named fields of a person', async () => {
    const accounts = await open();
    const ann = await registerUser(accounts, 'ann', { email: 'Ann@Example.org' });
    const change = { displayName: 'Ann 陈', status: 'at the lake', avatar: 'https://example.org/a.png' };
    const changed = { ...ann, ...change };
    expect(await accounts.changeUser(ann.id, change)).toEqual({ outcome: 'changed', user: changed });
    expect(await accounts.users([ann.id])).toEqual([changed]);
    expect(await accounts.passwordHash('ann')).toEqual({ user: changed, passwordHash: 'hash of ann' });
    expect((await accounts.searchUsers('陈', null, 10)).map((user) => user.id)).toEqual([ann.id]);
    const details = { email: 'Ann@Example.org', emailConfirmed: false, hasPassword: true, signedOutAt: 0, seenAt: 0 };
    expect(await accounts.privateDetails(ann.id)).toEqual(details);
    await accounts.changeUser(ann.id, { passwordHash: 'new', email: '', signedOutAt: START });
    expect(await accounts.privateDetails(ann.id)).toEqual({ ...details, email: '', signedOutAt: START });
    expect((await accounts.passwordHash('ann'))?.passwordHash).toBe('new');
    expect(await accounts.changeUser(999, change)).toEqual({ outcome: 'not_found' });
    expect(await accounts.privateDetails(999)).toBeNull();
  });

  it('a renamed person is found only by the new name, and a taken name is rejected', async () => {
    const accounts = await open();
    const ann = await registerUser(accounts, 'ann');
    await registerUser(accounts, 'Bob');
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
    const ann = await registerUser(accounts, 'ann', { role: 'administrator' });
    const bob = await registerUser(accounts, 'bob');
    expect(await accounts.changeUser(ann.id, { role: 'member' })).toEqual({ outcome: 'last_administrator' });
    await accounts.changeUser(bob.id, { role: 'administrator' });
    expect(await accounts.countAdministrators()).toBe(2);
    expect((await accounts.changeUser(ann.id, { role: 'member' })).outcome).toBe('changed');
    expect((await accounts.users([ann.id, bob.id])).map((user) => user.role)).toEqual(['member', 'administrator']);
  });

  it('supports people without a password, and finds people by their address', async () => {
    const accounts = await open();
    const ann = await registerUser(accounts, 'ann', { passwordHash: null, role: 'guest' });
    expect(await accounts.passwordHash('ann')).toEqual({ user: ann, passwordHash: null });
    expect((await accounts.privateDetails(ann.id))?.hasPassword).toBe(false);
    const bob = await registerUser(accounts, 'bob', { email: 'Both@Example.org' });
    const carl = await registerUser(accounts, 'carl', { email: 'both@example.ORG' });
    expect(await accounts.usersByEmail('BOTH@example.org', 5)).toEqual([bob, carl]);
    expect(await accounts.usersByEmail('both@example.org', 1)).toEqual([bob]);
    expect(await accounts.usersByEmail('', 5)).toEqual([]);
  });

  it('finds the people who use a picture', async () => {
    const accounts = await open();
    const ann = await registerUser(accounts, 'ann', { avatar: '/pictures/1' });
    await registerUser(accounts, 'bob');
    expect(await accounts.usersByAvatar('/pictures/1')).toEqual([ann]);
    await accounts.changeUser(ann.id, { avatar: '/pictures/2' });
    expect(await accounts.usersByAvatar('/pictures/1')).toEqual([]);
    expect(await accounts.usersByAvatar('/pictures/2')).toMatchObject([{ id: ann.id }]);
    expect(await accounts.usersByAvatar('')).toEqual([]);
  });

  it('keeps a setting of an administrator until it is reset', async () => {
    const accounts = await open();
    expect(await accounts.setting('registration')).toBeNull();
    await accounts.setSetting('registration', 'closed');
    await accounts.setSetting('registration', 'invitation');
    expect(await accounts.setting('registration')).toBe('invitation');
    await accounts.setSetting('registration', null);
    await accounts.setSetting('registration', null);
    expect(await accounts.setting('registration')).toBeNull();
  });

  it('gives all who initialize a setting at once the same value, which later ones do not replace', async () => {
    const accounts = await open();
    const values = Array.from({ length: 8 }, (_, at) => `value ${at}`);
    const kept = await Promise.all(values.map((value) => accounts.initSetting('secret', value)));
    expect([values.includes(kept[0]!), new Set(kept).size]).toEqual([true, 1]);
    expect(await accounts.setting('secret')).toBe(kept[0]);
    await accounts.setSetting('secret', 'chosen');
    expect(await accounts.initSetting('secret', 'late')).toBe('chosen');
  });
}

function describeIdentities(open: Open): void {
  it('creates the person of an identity once, concurrent requests included', async () => {
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
  it('requires a second factor once a code was confirmed, and accepts each time step once', async () => {
    const accounts = await open();
    const { id } = await registerUser(accounts, 'ann');
    expect(await accounts.secondFactor(id)).toBeNull();
    expect(await accounts.confirmSecondFactor(id, { secret: 'AAAA', step: 10 }, [])).toBe(false);
    expect(await accounts.beginSecondFactor(id, 'AAAA')).toBe(true);
    expect(await accounts.useSecondFactorStep(id, 10)).toBe(false);
    expect(await accounts.beginSecondFactor(id, 'BBBB')).toBe(true);
    expect(await accounts.secondFactor(id)).toEqual({ secret: 'BBBB', confirmed: false, recoveryCodesLeft: 0 });
    // A code of the first secret does not confirm the second.
    expect(await accounts.confirmSecondFactor(id, { secret: 'AAAA', step: 10 }, ['none'])).toBe(false);
    expect(await accounts.confirmSecondFactor(id, { secret: 'BBBB', step: 10 }, ['one', 'two'])).toBe(true);
    expect(await accounts.beginSecondFactor(id, 'CCCC')).toBe(false);
    expect(await accounts.secondFactor(id)).toEqual({ secret: 'BBBB', confirmed: true, recoveryCodesLeft: 2 });
    expect(await accounts.useSecondFactorStep(id, 10)).toBe(false);
    const both = await Promise.all([accounts.useSecondFactorStep(id, 12), accounts.useSecondFactorStep(id, 12)]);
    expect(both.sort()).toEqual([false, true]);
    expect(await accounts.useSecondFactorStep(id, 11)).toBe(false);
  });

  it('accepts each recovery code once, and removes all with the factor', async () => {
    const accounts = await open();
    const { id } = await registerUser(accounts, 'ann');
    await accounts.beginSecondFactor(id, 'AAAA');
    await accounts.confirmSecondFactor(id, { secret: 'AAAA', step: 1 }, ['one', 'two']);
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
