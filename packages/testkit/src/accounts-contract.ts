import type { Accounts, Credential } from '@everywire/chat';
import { afterEach, describe, expect, it } from 'vitest';

/** An empty `Accounts` with its cleanup. */
export interface AccountsUnderTest {
  readonly accounts: Accounts;
  readonly dispose: () => Promise<void>;
}

const DAY = 86_400_000;
const START = 1_700_000_000_000;

/** Describes the contract of the `Accounts` port. Every adapter must run all of it. */
export function describeAccountsContract(name: string, create: () => Promise<AccountsUnderTest>): void {
  describe(`accounts contract: ${name}`, () => {
    const opened: AccountsUnderTest[] = [];
    const open = async (): Promise<Accounts> => {
      const underTest = await create();
      opened.push(underTest);
      return underTest.accounts;
    };

    afterEach(async () => {
      for (const underTest of opened.splice(0)) await underTest.dispose();
    });

    const register = (accounts: Accounts, login: string, displayName = login) =>
      accounts.createUser({ name: login, displayName, passwordHash: `hash of ${login}`, createdAt: START });
    const signIn = (accounts: Accounts, user: number, id: string, passwordHash?: string) => {
      const times = { createdAt: START, usedAt: START, transport: '' };
      const credential = { id, user, label: `label ${id}`, ...times, tokenHash: `token ${id}` };
      return accounts.createCredential(credential, passwordHash);
    };

    it('assigns each person an id and finds the password by the folded name', async () => {
      const accounts = await open();
      const ann = await register(accounts, 'Ann', 'Ann A.');
      const plain = { role: 'member', state: 'active', status: '', avatar: '' };
      expect(ann).toEqual({ id: ann?.id, name: 'Ann', displayName: 'Ann A.', createdAt: START, ...plain });
      expect(await register(accounts, 'bob')).toMatchObject({ id: (ann?.id ?? 0) + 1 });
      expect(await accounts.passwordHash('aNN')).toEqual({ user: ann, passwordHash: 'hash of Ann' });
      expect(await accounts.passwordHash('unknown')).toBeNull();
      expect(await accounts.countUsers()).toBe(2);
    });

    it('rejects a name that folds to a taken one, concurrent requests included', async () => {
      const accounts = await open();
      const made = await Promise.all([
        register(accounts, 'Ann'),
        register(accounts, 'ANN'),
        register(accounts, 'ａｎｎ'),
      ]);
      expect(made.filter((user) => user !== null)).toHaveLength(1);
      expect(await accounts.countUsers()).toBe(1);
    });

    it('replaces a password', async () => {
      const accounts = await open();
      const ann = await register(accounts, 'ann');
      expect(await accounts.setPasswordHash(ann?.id ?? 0, 'new', 'hash of ann')).toBe(true);
      expect((await accounts.passwordHash('ann'))?.passwordHash).toBe('new');
    });

    it('neither replaces nor rehashes a password given an outdated one, concurrent requests included', async () => {
      const accounts = await open();
      const id = (await register(accounts, 'ann'))?.id ?? 0;
      const outcomes = await Promise.all([
        accounts.setPasswordHash(id, 'new', 'hash of ann'),
        accounts.renewPasswordHash(id, 'renewed', 'hash of ann'),
        accounts.setPasswordHash(id, 'third', 'hash of ann'),
      ]);
      expect(outcomes).toEqual([true, false, false]);
      expect((await accounts.passwordHash('ann'))?.passwordHash).toBe('new');
      expect(await accounts.renewPasswordHash(id, 'renewed', 'new')).toBe(true);
      expect((await accounts.passwordHash('ann'))?.passwordHash).toBe('renewed');
      expect(await accounts.setPasswordHash(999, 'new', '')).toBe(false);
    });

    it('creates no credential with an outdated password, concurrent requests included', async () => {
      const accounts = await open();
      const id = (await register(accounts, 'ann'))?.id ?? 0;
      const outcomes = await Promise.all([
        signIn(accounts, id, 'before', 'hash of ann'),
        accounts.setPasswordHash(id, 'new', 'hash of ann'),
        signIn(accounts, id, 'late', 'hash of ann'),
        signIn(accounts, id, 'after', 'new'),
        signIn(accounts, id, 'otherwise'),
      ]);
      expect(outcomes).toEqual([{ ended: [] }, true, null, { ended: [] }, { ended: [] }]);
      const held = (await accounts.credentials(id)).map((credential) => credential.id);
      expect(held).toEqual(['after', 'before', 'otherwise']);
      expect(await accounts.useCredential('token late', START)).toBeNull();
    });

    it('returns people by id, each once, and omits unknown ids', async () => {
      const accounts = await open();
      const [ann, bob] = [await register(accounts, 'ann'), await register(accounts, 'bob')];
      const ids = [bob?.id ?? 0, ann?.id ?? 0, 999, bob?.id ?? 0];
      expect(await accounts.users(ids)).toEqual([ann, bob]);
      expect(await accounts.users([])).toEqual([]);
    });

    it('searches name and display name, ordered by folded name, page by page', async () => {
      const accounts = await open();
      for (const [login, shown] of [
        ['dora', 'Dora 陈'],
        ['Ben', 'Ben'],
        ['anna', 'Ann'],
        ['carl', 'Carl Ben'],
      ]) {
        await register(accounts, login ?? '', shown);
      }
      const names = async (query: string, after: number | null, limit: number): Promise<readonly string[]> =>
        (await accounts.searchUsers(query, after, limit)).map((user) => user.name);
      expect(await names('', null, 100)).toEqual(['anna', 'Ben', 'carl', 'dora']);
      expect(await names('BEN', null, 100)).toEqual(['Ben', 'carl']);
      expect(await names('陈', null, 100)).toEqual(['dora']);
      const [first] = await accounts.searchUsers('', null, 1);
      expect(await names('', first?.id ?? 0, 2)).toEqual(['Ben', 'carl']);
      expect(await names('%', null, 100)).toEqual([]);
      expect(await names('_', null, 100)).toEqual([]);
    });

    it('[pain also-6] returns at most a hundred people', async () => {
      const accounts = await open();
      for (let index = 0; index < 103; index += 1) await register(accounts, `user${String(index).padStart(3, '0')}`);
      const page = await accounts.searchUsers('user', null, 1_000);
      expect(page).toHaveLength(100);
      expect(await accounts.searchUsers('user', page.at(-1)?.id ?? 0, 1_000)).toHaveLength(3);
    });

    it('finds a credential by the hash of its token, and records its use at most once a minute', async () => {
      const accounts = await open();
      const ann = await register(accounts, 'ann');
      await signIn(accounts, ann?.id ?? 0, 'one');
      expect(await accounts.useCredential('token other', START)).toBeNull();
      const soon = await accounts.useCredential('token one', START + 59_999);
      expect(soon).toMatchObject({
        user: ann,
        credential: { id: 'one', user: ann?.id, label: 'label one', usedAt: START },
      });
      expect((await accounts.useCredential('token one', START + 60_000))?.credential.usedAt).toBe(START + 60_000);
      expect((await accounts.credentials(ann?.id ?? 0)).map((credential: Credential) => credential.usedAt)).toEqual([
        START + 60_000,
      ]);
    });

    it('ends a credential that was unused for its lifetime', async () => {
      const accounts = await open();
      const ann = await register(accounts, 'ann');
      await signIn(accounts, ann?.id ?? 0, 'one');
      expect(await accounts.useCredential('token one', START + 90 * DAY)).not.toBeNull();
      expect(await accounts.useCredential('token one', START + 180 * DAY)).not.toBeNull();
      expect(await accounts.useCredential('token one', START + 270 * DAY + 1)).toBeNull();
      expect(await accounts.useCredential('token one', START + 180 * DAY)).toBeNull();
    });

    it('judges the lifetime by a separate time when one is given', async () => {
      const accounts = await open();
      const ann = await register(accounts, 'ann');
      await signIn(accounts, ann?.id ?? 0, 'one');
      const used = await accounts.useCredential('token one', START + 200 * DAY, START + 90 * DAY);
      expect(used?.credential.usedAt).toBe(START + 200 * DAY);
      expect(await accounts.useCredential('token one', START + 200 * DAY, START + 290 * DAY + 1)).toBeNull();
    });

    it('records a use earlier than the recorded one, so that a corrected clock works', async () => {
      const accounts = await open();
      const ann = await register(accounts, 'ann');
      await signIn(accounts, ann?.id ?? 0, 'one');
      await accounts.useCredential('token one', START + 60 * DAY);
      expect((await accounts.useCredential('token one', START + DAY))?.credential.usedAt).toBe(START + DAY);
      expect(await accounts.useCredential('token one', START + 91 * DAY + 1)).toBeNull();
    });

    it('revokes some or all credentials of one person, and returns which ended', async () => {
      const accounts = await open();
      const [ann, bob] = [await register(accounts, 'ann'), await register(accounts, 'bob')];
      const [annId, bobId] = [ann?.id ?? 0, bob?.id ?? 0];
      for (const [user, id] of [
        [annId, 'a1'],
        [annId, 'a2'],
        [annId, 'a3'],
        [bobId, 'b1'],
      ] as const)
        await signIn(accounts, user, id);
      expect(await accounts.revokeCredentials(annId, ['a1', 'b1', 'unknown'])).toEqual(['a1']);
      expect(await accounts.revokeCredentials(annId, ['a1'])).toEqual([]);
      expect(await accounts.useCredential('token a1', START)).toBeNull();
      expect((await accounts.credentials(annId)).map((credential) => credential.id)).toEqual(['a2', 'a3']);
      expect([...(await accounts.revokeCredentials(annId, 'all'))].sort()).toEqual(['a2', 'a3']);
      expect(await accounts.useCredential('token b1', START)).not.toBeNull();
    });

    it('remembers the transport of the last connection of a credential', async () => {
      const accounts = await open();
      const ann = await register(accounts, 'ann');
      await signIn(accounts, ann?.id ?? 0, 'one');
      await accounts.noteTransport('one', 'long-poll');
      await accounts.noteTransport('unknown', 'websocket');
      expect((await accounts.useCredential('token one', START))?.credential.transport).toBe('long-poll');
      expect(await accounts.credentials(ann?.id ?? 0)).toMatchObject([{ id: 'one', transport: 'long-poll' }]);
    });
  });
}
