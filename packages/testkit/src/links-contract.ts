import type { AccountLink, AccountLinkKind, Accounts } from '@everywire/chat';
import { expect, it } from 'vitest';
import { newUser, registerUser, START } from './people-under-test.js';

const HOUR = 3_600_000;

function linkOf(
  kind: AccountLinkKind,
  id: string,
  user: number | null,
  usesMax = 1,
): Omit<AccountLink, 'uses'> & { secretHash: string } {
  const times = { createdAt: START, expiresAt: START + HOUR };
  return { id, kind, user, label: `label ${id}`, ...times, usesMax, secretHash: `secret ${id}` };
}

/** Describes the part of the admission contract on links. `open` returns an empty `Accounts`. */
export function describeLinks(open: () => Promise<Accounts>): void {
  it('[A18] only one of several concurrent uses of the set-up link creates the administrator', async () => {
    const accounts = await open();
    await accounts.createLink(linkOf('setup', 's', null));
    const joining = ['ann', 'bob', 'carl'].map((login) => accounts.joinByLink('secret s', newUser(login), START));
    const outcomes = (await Promise.all(joining)).map((joined) => joined.outcome).sort();
    expect(outcomes).toEqual(['joined', 'link_ended', 'link_ended']);
    expect([await accounts.countAdministrators(), await accounts.countUsers()]).toEqual([1, 1]);
  });

  it('[A18] no set-up link creates a second administrator', async () => {
    const accounts = await open();
    const ann = await registerUser(accounts, 'ann', { role: 'administrator' });
    await accounts.createLink(linkOf('setup', 's', null));
    expect(await accounts.joinByLink('secret s', newUser('bob'), START)).toEqual({ outcome: 'link_ended' });
    const claim = { user: ann.id, role: 'administrator' } as const;
    expect(await accounts.redeemLink('secret s', 'setup', claim, START)).toEqual({ outcome: 'link_ended' });
    expect(await accounts.countUsers()).toBe(1);
  });

  it('an existing account can become the first administrator', async () => {
    const accounts = await open();
    const ann = await registerUser(accounts, 'ann');
    await accounts.createLink(linkOf('setup', 's', null));
    const claim = { user: ann.id, role: 'administrator' } as const;
    expect(await accounts.redeemLink('secret s', 'account', claim, START)).toEqual({ outcome: 'link_ended' });
    expect(await accounts.redeemLink('secret s', 'setup', claim, START)).toEqual({
      outcome: 'changed',
      user: { ...ann, role: 'administrator' },
    });
  });

  it('a password reset link is ended only by a new password or a new address', async () => {
    const accounts = await open();
    const ann = await registerUser(accounts, 'ann', { email: 'ann@example.org' });
    const bob = await registerUser(accounts, 'bob');
    await accounts.createLink(linkOf('reset', 'of bob', bob.id));
    await accounts.createLink(linkOf('account', 'invitation', ann.id));
    const isGood = async (name: string): Promise<boolean> => (await accounts.link(`secret ${name}`, START)) !== null;
    const afterwards = async (change: () => Promise<unknown>): Promise<boolean> => {
      await accounts.createLink(linkOf('reset', 'of ann', ann.id));
      await change();
      return isGood('of ann');
    };
    expect(await afterwards(() => accounts.setPasswordHash(ann.id, 'second', 'hash of ann'))).toBe(false);
    expect(await afterwards(() => accounts.changeUser(ann.id, { passwordHash: 'third' }))).toBe(false);
    expect(await afterwards(() => accounts.changeUser(ann.id, { email: 'new@example.org' }))).toBe(false);
    const change = { user: ann.id, passwordHash: 'fourth' };
    expect(await accounts.redeemLink('secret of ann', 'reset', change, START)).toEqual({ outcome: 'link_ended' });
    expect(await afterwards(() => accounts.changeUser(ann.id, { status: 'at the lake' }))).toBe(true);
    expect(await afterwards(() => accounts.renewPasswordHash(ann.id, 'the same', 'third'))).toBe(true);
    expect((await accounts.redeemLink('secret of ann', 'reset', change, START)).outcome).toBe('changed');
    expect([await isGood('of ann'), await isGood('of bob'), await isGood('invitation')]).toEqual([false, true, true]);
  });

  it('admits its number of people, with the role of its kind, until it expires', async () => {
    const accounts = await open();
    const ann = await registerUser(accounts, 'ann');
    await accounts.createLink(linkOf('guest', 'g', ann.id, 2));
    await accounts.createLink(linkOf('account', 'a', ann.id, 2));
    const guest = await accounts.joinByLink('secret g', newUser('one', { passwordHash: null }), START);
    expect(guest).toMatchObject({
      outcome: 'joined',
      user: { role: 'guest' },
      link: { id: 'g', user: ann.id, uses: 1 },
    });
    expect((await accounts.joinByLink('secret g', newUser('ANN'), START)).outcome).toBe('name_taken');
    expect((await accounts.joinByLink('secret g', newUser('two'), START)).outcome).toBe('joined');
    expect((await accounts.joinByLink('secret g', newUser('three'), START)).outcome).toBe('link_ended');
    expect(await accounts.joinByLink('secret a', newUser('four'), START)).toMatchObject({ user: { role: 'member' } });
    expect((await accounts.joinByLink('secret a', newUser('five'), START + HOUR)).outcome).toBe('link_ended');
    expect((await accounts.joinByLink('secret x', newUser('five'), START)).outcome).toBe('link_ended');
    expect(await accounts.countUsers()).toBe(4);
  });

  it('lists usable links of one person or of all, and revokes links', async () => {
    const accounts = await open();
    const [ann, bob] = [await registerUser(accounts, 'ann'), await registerUser(accounts, 'bob')];
    const ids = async (user: number | null, now = START): Promise<readonly string[]> =>
      (await accounts.links(user, now, { after: null, limit: 100 })).map((link) => link.id);
    for (const link of [
      linkOf('account', 'a1', ann.id),
      linkOf('guest', 'a2', ann.id),
      linkOf('account', 'b1', bob.id),
    ])
      await accounts.createLink(link);
    await accounts.createLink(linkOf('reset', 'r', ann.id));
    await accounts.createLink(linkOf('setup', 's', null));
    expect(await accounts.link('secret a1', START)).toEqual({
      id: 'a1',
      kind: 'account',
      user: ann.id,
      label: 'label a1',
      createdAt: START,
      expiresAt: START + HOUR,
      usesMax: 1,
      uses: 0,
    });
    expect([await ids(ann.id), await ids(null)]).toEqual([
      ['a1', 'a2'],
      ['a1', 'a2', 'b1'],
    ]);
    expect([await accounts.revokeLink('b1', ann.id), await accounts.revokeLink('a1', ann.id)]).toEqual([false, true]);
    expect([await accounts.revokeLink('b1', null), await accounts.revokeLink('b1', null)]).toEqual([true, false]);
    expect((await accounts.joinByLink('secret a1', newUser('carl'), START)).outcome).toBe('link_ended');
    expect(await accounts.link('secret a1', START)).toBeNull();
    await accounts.joinByLink('secret a2', newUser('carl'), START);
    expect([await ids(null), await ids(null, START + HOUR)]).toEqual([[], []]);
  });

  it('concurrently created invitations do not exceed the limit of a person, and used ones do not count', async () => {
    const accounts = await open();
    const [ann, bob] = [await registerUser(accounts, 'ann'), await registerUser(accounts, 'bob')];
    const make = (id: string, user: number) => accounts.createLink(linkOf('account', id, user), 2);
    const outcomes = await Promise.all(['a', 'b', 'c', 'd'].map((id) => make(id, ann.id)));
    expect(outcomes.sort()).toEqual(['created', 'created', 'too_many', 'too_many']);
    expect(await make('of bob', bob.id)).toBe('created');
    expect(await accounts.createLink(linkOf('reset', 'r', ann.id), 2)).toBe('created');
    await accounts.joinByLink('secret a', newUser('carl'), START);
    expect([await make('e', ann.id), await make('f', ann.id)]).toEqual(['created', 'too_many']);
  });

  it('an invitation changes the role only of a user whose current role matches the condition', async () => {
    const accounts = await open();
    const [ann, bob] = [await registerUser(accounts, 'ann'), await registerUser(accounts, 'bob', { role: 'guest' })];
    await accounts.createLink(linkOf('account', 'a', ann.id));
    const redeem = () =>
      accounts.redeemLink('secret a', 'account', { user: bob.id, role: 'member' }, START, { role: 'guest' });
    await accounts.changeUser(bob.id, { role: 'administrator' });
    expect(await redeem()).toEqual({ outcome: 'link_ended' });
    await accounts.changeUser(ann.id, { role: 'administrator' });
    await accounts.changeUser(bob.id, { role: 'guest' });
    expect(await redeem()).toMatchObject({ outcome: 'changed', user: { role: 'member' } });
  });

  it('[A6] a password reset link works once, and a newer one ends it', async () => {
    const accounts = await open();
    const [ann, bob] = [await registerUser(accounts, 'ann'), await registerUser(accounts, 'bob')];
    await accounts.createLink(linkOf('reset', 'b', bob.id));
    await accounts.createLink(linkOf('reset', 'r1', ann.id));
    await accounts.createLink(linkOf('reset', 'r2', ann.id));
    const set = (secret: string, passwordHash: string) =>
      accounts.redeemLink(secret, 'reset', { user: ann.id, passwordHash }, START);
    expect((await set('secret r1', 'no')).outcome).toBe('link_ended');
    expect((await accounts.joinByLink('secret r2', newUser('eve'), START)).outcome).toBe('link_ended');
    const outcomes = (await Promise.all([set('secret r2', 'first'), set('secret r2', 'second')])).map(
      (each) => each.outcome,
    );
    expect(outcomes.sort()).toEqual(['changed', 'link_ended']);
    expect(['first', 'second']).toContain((await accounts.passwordHash('ann'))?.passwordHash);
    expect((await accounts.passwordHash('bob'))?.passwordHash).toBe('hash of bob');
    expect(await accounts.link('secret b', START)).toMatchObject({ kind: 'reset', user: bob.id });
  });
}
