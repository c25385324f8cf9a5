import type { AccountLink, AccountLinkKind, Accounts } from '@everywire/chat';
import { expect } from 'vitest';
import { newUser, registerUser, START } from '../people-under-test.js';
import { type DrivenOpening, type OpeningRule, type Openings, race } from './race.js';

type Ask<Answer> = (accounts: Accounts) => Promise<Answer>;

/** Calls the accounts of both openings concurrently. */
async function ask<Answer>(
  openings: Openings,
  first: Parameters<OpeningRule['check']>[1],
  atHere: Ask<Answer>,
  atThere: Ask<Answer> = atHere,
): Promise<Answer[]> {
  const at = (question: Ask<Answer>) => (opening: DrivenOpening) => question(opening.accounts);
  return race(openings, first, at(atHere), at(atThere));
}

function link(
  accounts: Accounts,
  kind: AccountLinkKind,
  user: number | null,
  more: Partial<AccountLink> = {},
  max?: number,
) {
  const times = { createdAt: START, expiresAt: START + 3_600_000 };
  const made = { id: kind, kind, user, label: '', ...times, usesMax: 1, ...more };
  return accounts.createLink({ ...made, secretHash: `secret ${made.id}` }, max);
}

const outcomes = (answers: readonly { readonly outcome: string }[]): string[] =>
  answers.map(({ outcome }) => outcome).sort();

/** Rules about checks that precede writes, on people and admission. */
export const accountRules: readonly OpeningRule[] = [
  {
    title: 'a name is assigned once, to a new or to a renamed person',
    check: async (openings, first) => {
      const { accounts } = openings;
      const made = await ask(openings, first, (at) => at.createUser(newUser('Ann')));
      expect(made.filter((user) => user !== null)).toHaveLength(1);
      const [bob, eve] = [await registerUser(accounts, 'bob'), await registerUser(accounts, 'eve')];
      const renamed = await ask(
        openings,
        first,
        (at) => at.changeUser(bob.id, { name: 'carl' }),
        (at) => at.changeUser(eve.id, { name: 'CARL' }),
      );
      expect([outcomes(renamed), await accounts.countUsers()]).toEqual([['changed', 'name_taken'], 3]);
    },
  },
  {
    title: 'the last administrator stays when two are demoted concurrently',
    check: async (openings, first) => {
      const { accounts } = openings;
      const admin = { role: 'administrator' } as const;
      const [ann, bob] = [await registerUser(accounts, 'ann', admin), await registerUser(accounts, 'bob', admin)];
      const demoted = await ask(
        openings,
        first,
        (at) => at.changeUser(ann.id, { role: 'member' }),
        (at) => at.changeUser(bob.id, { role: 'member' }),
      );
      expect(outcomes(demoted)).toEqual(['changed', 'last_administrator']);
      for (const user of [ann, bob]) await accounts.changeUser(user.id, admin);
      const gone: { readonly outcome: string }[] = await ask<{ readonly outcome: string }>(
        openings,
        first,
        (at) => at.suspendUser(ann.id, START),
        (at) => at.deleteUser(bob.id, 'keep', START),
      );
      expect([outcomes(gone), await accounts.countAdministrators()]).toEqual([['changed', 'last_administrator'], 1]);
    },
  },
  {
    title: '[A18] one person becomes the first administrator, and of two set-up links one is good',
    check: async (openings, first) => {
      const { accounts } = openings;
      await ask(
        openings,
        first,
        (at) => link(at, 'setup', null, { id: 'one' }),
        (at) => link(at, 'setup', null, { id: 'other' }),
      );
      const good = [await accounts.link('secret one', START), await accounts.link('secret other', START)];
      const [left] = good.filter((each) => each !== null);
      expect(good.filter((each) => each !== null)).toHaveLength(1);
      const joined = await ask(
        openings,
        first,
        (at) => at.joinByLink(`secret ${left?.id}`, newUser('ann'), START),
        (at) => at.joinByLink(`secret ${left?.id}`, newUser('bob'), START),
      );
      expect([outcomes(joined), await accounts.countAdministrators()]).toEqual([['joined', 'link_ended'], 1]);
    },
  },
  {
    title: 'a link admits its number of people, and no person exceeds the limit of invitations',
    check: async (openings, first) => {
      const { accounts } = openings;
      const ann = await registerUser(accounts, 'ann');
      await link(accounts, 'account', ann.id);
      const joined = await ask(
        openings,
        first,
        (at) => at.joinByLink('secret account', newUser('bob'), START),
        (at) => at.joinByLink('secret account', newUser('eve'), START),
      );
      expect([outcomes(joined), await accounts.countUsers()]).toEqual([['joined', 'link_ended'], 2]);
      const made = await ask(
        openings,
        first,
        (at) => link(at, 'account', ann.id, { id: 'one' }, 1),
        (at) => link(at, 'account', ann.id, { id: 'other' }, 1),
      );
      expect(made.toSorted()).toEqual(['created', 'too_many']);
    },
  },
  {
    title: '[A6] a password reset link works once, and only the current password replaces a password',
    check: async (openings, first) => {
      const { accounts } = openings;
      const { id } = await registerUser(accounts, 'ann');
      await link(accounts, 'reset', id);
      const set = (passwordHash: string) => (at: Accounts) =>
        at.redeemLink('secret reset', 'reset', { user: id, passwordHash }, START);
      expect(outcomes(await ask(openings, first, set('one'), set('other')))).toEqual(['changed', 'link_ended']);
      const was = (await accounts.passwordHash('ann'))?.passwordHash ?? '';
      const replace = (hash: string) => (at: Accounts) => at.setPasswordHash(id, hash, was);
      expect((await ask(openings, first, replace('third'), replace('fourth'))).sort()).toEqual([false, true]);
    },
  },
  {
    title: 'an identity is one person, and a code of a second factor is taken once',
    check: async (openings, first) => {
      const { accounts } = openings;
      const identity = { issuer: 'https://id.example.org', subject: '42' };
      const [one, other] = await ask(
        openings,
        first,
        (at) => at.createUserOf(identity, newUser('ann', { passwordHash: null })),
        (at) => at.createUserOf(identity, newUser('ann-2', { passwordHash: null })),
      );
      expect([one, await accounts.countUsers()]).toEqual([other, 1]);
      const user = one?.id ?? 0;
      await accounts.beginSecondFactor(user, 'AAAA');
      await accounts.confirmSecondFactor(user, { secret: 'AAAA', step: 1 }, ['one']);
      const step = (at: Accounts) => at.useSecondFactorStep(user, 2);
      const code = (at: Accounts) => at.useRecoveryCode(user, 'one');
      for (const use of [step, code]) expect((await ask(openings, first, use)).sort()).toEqual([false, true]);
    },
  },
  {
    title: 'no person has more sign-ins than the limit, or one created during their suspension',
    limits: { credentialsMax: 2 },
    check: async (openings, first) => {
      const { accounts } = openings;
      const { id: user } = await registerUser(accounts, 'ann');
      const signIn = (id: string) => (at: Accounts) => {
        const times = { createdAt: START, usedAt: START, transport: '' };
        return at.createCredential({ id, user, label: '', ...times, tokenHash: `token ${id}` });
      };
      for (const id of ['a', 'b']) await signIn(id)(accounts);
      await ask(openings, first, signIn('c'), signIn('d'));
      expect(await accounts.countCredentials(user)).toBe(2);
      await ask<unknown>(openings, first, (at) => at.suspendUser(user, START), signIn('e'));
      const used = await Promise.all(
        ['a', 'b', 'c', 'd', 'e'].map((id) => accounts.useCredential(`token ${id}`, START)),
      );
      expect(used.filter((each) => each !== null)).toEqual([]);
    },
  },
  {
    title: 'a sign-in that is ended at one is no use at the other from then on',
    check: async ({ accounts, here, there }) => {
      const { id: user } = await registerUser(accounts, 'ann');
      const times = { createdAt: START, usedAt: START, transport: '' };
      await here.accounts.createCredential({ id: 'a', user, label: '', ...times, tokenHash: 'token' });
      expect(await there.accounts.useCredential('token', START)).not.toBeNull();
      await there.accounts.revokeCredentials(user, 'all');
      expect(await here.accounts.useCredential('token', START)).toBeNull();
    },
  },
];
