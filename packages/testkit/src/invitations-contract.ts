import type { AccountLink, Accounts, LinkPosition } from '@everywire/chat';
import { expect, it } from 'vitest';
import { newUser, registerUser, START } from './people-under-test.js';

const HOUR = 3_600_000;

type NewLink = Omit<AccountLink, 'uses'> & { readonly secretHash: string };

function invitation(id: string, user: number, createdAt = START): NewLink {
  const times = { createdAt, expiresAt: START + HOUR };
  return { id, kind: 'guest', user, label: '', ...times, usesMax: 1, secretHash: `secret ${id}` };
}

/** Describes the part of the `Accounts` contract on the limit and the listing of invitations. */
export function describeInvitations(open: () => Promise<Accounts>): void {
  it('lists invitations page by page, oldest first, continuing after one that has ended', async () => {
    const accounts = await open();
    const [ann, bob] = [await registerUser(accounts, 'ann'), await registerUser(accounts, 'bob')];
    // More than a page, of two people, many with one time, created in another order.
    for (let number = 249; number >= 0; number -= 1) {
      const id = String(number).padStart(3, '0');
      await accounts.createLink(invitation(id, number % 2 === 0 ? ann.id : bob.id, START + Math.floor(number / 100)));
    }
    const ids: string[] = [];
    for (let after: LinkPosition | null = null; ; ) {
      const page: readonly AccountLink[] = await accounts.links(null, START + 10, { after, limit: 60 });
      ids.push(...page.map(({ id }) => id));
      after = page.at(-1) ?? null;
      if (after === null) break;
      await accounts.revokeLink(after.id, null);
    }
    expect(ids).toEqual(Array.from({ length: 250 }, (_, number) => String(number).padStart(3, '0')));
    const own = await accounts.links(bob.id, START + 10, { after: { createdAt: START, id: '050' }, limit: 2 });
    expect(own.map(({ id }) => id)).toEqual(['051', '053']);
  });

  it('limits the invitations of one person, concurrent requests included', async () => {
    const accounts = await open();
    const [ann, bob] = [await registerUser(accounts, 'ann'), await registerUser(accounts, 'bob')];
    await accounts.createLink({ ...invitation('expired', ann.id), expiresAt: START });
    await accounts.createLink({ ...invitation('reset', ann.id), kind: 'reset' });
    const create = async (id: string, user = ann.id): Promise<boolean> =>
      (await accounts.createLink(invitation(id, user), 3)) === 'created';
    const made = await Promise.all(Array.from({ length: 20 }, (_, number) => create(`a${number}`)));
    expect(made.filter((isMade) => isMade)).toHaveLength(3);
    expect(await accounts.links(ann.id, START, { after: null, limit: 100 })).toHaveLength(3);
    expect(await create('of bob', bob.id)).toBe(true);
    expect((await accounts.joinByLink('secret a0', newUser('carl'), START)).outcome).toBe('joined');
    expect([await create('b1'), await create('b2')]).toEqual([true, false]);
    expect(await accounts.createLink(invitation('without a limit', ann.id))).toBe('created');
  });
}
