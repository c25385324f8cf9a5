import {
  type AccountLinkKind,
  type Accounts,
  type ChatLimits,
  chatLimits,
  type NewUser,
  type User,
} from '@everywire/chat';
import {
  type AccountsUnderTest,
  describeAccountsContract,
  describeAdmissionContract,
  describeCredentialsContract,
  describeDepartingContract,
} from '@everywire/testkit';
import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database/database.js';
import { migrate } from '../schema.js';
import { createPostgresAccounts } from './postgres-accounts.js';

// Tests accounts in PostgreSQL: the contract that every store of accounts keeps, and changes by two server nodes at the
// same time.

const start = 1_700_000_000_000;
/** Races are repeated, because their order is random. */
const rounds = Array.from({ length: 30 }, (_, round) => round);

describe('accounts in PostgreSQL', { tags: ['wide'] }, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres({ fsync: 'off' });
  });
  afterAll(() => server?.stop());

  const openOne = async (limits: ChatLimits = chatLimits): Promise<AccountsUnderTest> => {
    const database = openDatabase({ url: await server.createDatabase(), connectionsMax: 4 });
    await migrate(database);
    return { accounts: createPostgresAccounts(database, limits), dispose: () => database.close() };
  };
  describeAccountsContract('postgres', () => openOne());
  describeAdmissionContract('postgres', () => openOne());
  describeCredentialsContract('postgres', openOne);
  describeDepartingContract('postgres', () => openOne());

  describe('at two nodes', () => {
    let nodes: readonly [Accounts, Accounts];
    /** The same two nodes, with a limit of three sign-ins per account. */
    let limited: readonly [Accounts, Accounts];
    let close: () => Promise<unknown>;
    beforeAll(async () => {
      const url = await server.createDatabase();
      const databases = [1, 2].map(() => openDatabase({ url, connectionsMax: 4 }));
      await Promise.all(databases.map(migrate));
      const open = (limits: ChatLimits) =>
        databases.map((database) => createPostgresAccounts(database, limits)) as never;
      [nodes, limited] = [open(chatLimits), open({ ...chatLimits, credentialsMax: 3 })];
      close = () => Promise.all(databases.map((database) => database.close()));
    });
    afterAll(() => close?.());

    /** Calls both nodes at the same time. */
    const both = <Answer>(ask: (accounts: Accounts, node: number) => Promise<Answer>): Promise<Answer[]> =>
      Promise.all(nodes.map(ask));

    it('the store assigns a name to only one of two concurrent accounts', async () => {
      for (const round of rounds) {
        const made = await both((accounts) => accounts.createUser(newUser(`name-${round}`)));
        expect(made.filter((user) => user !== null)).toHaveLength(1);
      }
    });

    it('the store assigns a name either to a new account or to a renamed one', async () => {
      for (const round of rounds) {
        const bob = await register(nodes[0], `old-${round}`);
        const name = `new-${round}`;
        const taken = await both<boolean>((accounts, node) =>
          node === 0
            ? accounts.createUser(newUser(name)).then((user) => user !== null)
            : accounts.changeUser(bob.id, { name }).then(({ outcome }) => outcome === 'changed'),
        );
        expect(taken.sort()).toEqual([false, true]);
      }
    });

    it('the store keeps the last administrator when two are demoted or suspended at the same time', async () => {
      const pair = [await register(nodes[0], 'admin-1'), await register(nodes[0], 'admin-2')];
      const admin = { role: 'administrator' } as const;
      for (const round of rounds) {
        for (const { id } of pair) {
          await nodes[0].reactivateUser(id);
          await nodes[0].changeUser(id, admin);
        }
        const left = await both<{ readonly outcome: string }>((accounts, node) => {
          const id = pair[node]?.id ?? 0;
          return round % 2 === node ? accounts.suspendUser(id, start) : accounts.changeUser(id, { role: 'member' });
        });
        expect(left.map(({ outcome }) => outcome).sort()).toEqual(['changed', 'last_administrator']);
        expect(await nodes[0].countAdministrators()).toBe(1);
      }
    });

    it('the store admits one person by a single-use link', async () => {
      const { id: maker } = await register(nodes[0], 'maker');
      for (const round of rounds) {
        await nodes[0].createLink(linkOf('account', `one-${round}`, maker));
        const joined = await both((accounts, node) =>
          accounts.joinByLink(`secret one-${round}`, newUser(`guest-${round}-${node}`), start),
        );
        expect(joined.map(({ outcome }) => outcome).sort()).toEqual(['joined', 'link_ended']);
      }
    });

    it('the store keeps one of two set-up links that are created at the same time', async () => {
      for (const round of rounds) {
        await both((accounts, node) => accounts.createLink(linkOf('setup', `setup-${round}-${node}`, null)));
        const links = await both((accounts, node) => accounts.link(`secret setup-${round}-${node}`, start));
        expect(links.filter((link) => link !== null)).toHaveLength(1);
      }
    });

    it('the store creates one account per identity', async () => {
      for (const round of rounds) {
        const identity = { issuer: 'https://id.example.org', subject: `${round}` };
        const before = await nodes[0].countUsers();
        const [one, other] = await both((accounts, node) =>
          accounts.createUserOf(identity, newUser(`of-${round}-${node}`)),
        );
        expect([one, await nodes[0].countUsers()]).toEqual([other, before + 1]);
        expect(one).not.toBeNull();
      }
    });

    it('the store accepts a time step of a second factor once, and a recovery code once', async () => {
      const { id } = await register(nodes[0], 'careful');
      await nodes[0].beginSecondFactor(id, 'AAAA');
      const codes = rounds.map(String);
      await nodes[0].confirmSecondFactor(id, { secret: 'AAAA', step: 1 }, codes);
      for (const [round, code] of codes.entries()) {
        const steps = await both((accounts) => accounts.useSecondFactorStep(id, round + 2));
        const used = await both((accounts) => accounts.useRecoveryCode(id, code));
        expect([steps.sort(), used.sort()]).toEqual([
          [false, true],
          [false, true],
        ]);
      }
    });

    it('the store replaces a password once when two requests present the current one', async () => {
      const { id } = await register(nodes[0], 'changing');
      for (const round of rounds) {
        const was = (await nodes[0].passwordHash('changing'))?.passwordHash ?? '';
        const replaced = await both((accounts, node) => accounts.setPasswordHash(id, `next ${round} ${node}`, was));
        expect(replaced.sort()).toEqual([false, true]);
      }
    });

    it('the store keeps no sign-in made with a password that is replaced at the same time', async () => {
      const { id } = await register(nodes[0], 'replacing');
      for (const round of rounds) {
        const was = (await nodes[0].passwordHash('replacing'))?.passwordHash ?? '';
        await both(async (accounts, node) => {
          if (node === round % 2) return signIn(accounts, id, `by-${round}`, was);
          await accounts.setPasswordHash(id, `next ${round}`, was);
          return accounts.revokeCredentials(id, 'all');
        });
        expect(await nodes[0].countCredentials(id)).toBe(0);
      }
    });

    it('the store keeps no more sign-ins than the limit, and reports each ended one once', async () => {
      const { id } = await register(nodes[0], 'often');
      const [one, other] = limited;
      const made = await Promise.all(
        rounds.flatMap((round) => [signIn(one, id, `one-${round}`), signIn(other, id, `other-${round}`)]),
      );
      const ended = made.flatMap((created) => created?.ended ?? []);
      expect([ended.length, new Set(ended).size, await one.countCredentials(id)]).toEqual([57, 57, 3]);
    });

    it('the store keeps no sign-in of an account that is suspended at the same time', async () => {
      for (const round of rounds) {
        const { id } = await register(nodes[0], `leaving-${round}`);
        await both<unknown>((accounts, node) =>
          node === round % 2 ? accounts.suspendUser(id, start) : signIn(accounts, id, `late-${round}`),
        );
        expect(await nodes[0].countCredentials(id)).toBe(0);
      }
    });

    it('the store runs all kinds of changes of one account at the same time without a fatal deadlock', async () => {
      const { id } = await register(nodes[0], 'busy', { email: 'busy@example.org' });
      const changes: readonly ((accounts: Accounts, at: string) => Promise<unknown>)[] = [
        (accounts, at) => accounts.createLink(linkOf('reset', `reset-${at}`, id)),
        (accounts, at) => accounts.createLink(linkOf('email', `email-${at}`, id)),
        (accounts, at) => accounts.changeUser(id, { email: `${at}@example.org` }),
        (accounts, at) => accounts.changeUser(id, { role: 'member', passwordHash: at }),
        (accounts, at) => signIn(accounts, id, at),
        (accounts, at) => accounts.useCredential(`token ${at}`, start + 120_000),
        (accounts, at) => accounts.redeemLink(`secret email-${at}`, 'email', { user: id, emailConfirmed: true }, start),
        (accounts) => accounts.suspendUser(id, start).then(() => accounts.reactivateUser(id)),
        (accounts) => accounts.revokeCredentials(id, 'all'),
        (accounts) => accounts.noteSeen(id, start + 600_000),
      ];
      for (const round of rounds)
        await both((accounts, node) => Promise.all(changes.map((change) => change(accounts, `${round}-${node}`))));
      expect((await nodes[0].users([id]))[0]?.state).toBe('active');
    });
  });

  it('a search finds nothing for a text that PostgreSQL cannot store, without an error', async () => {
    const { accounts, dispose } = await openOne();
    const { id } = await register(accounts, 'ann');
    await signIn(accounts, id, 'a');
    const unstorable = 'an\0n';
    expect([
      await accounts.passwordHash(unstorable),
      await accounts.userOf({ issuer: unstorable, subject: unstorable }),
    ]).toEqual([null, null]);
    expect([
      await accounts.searchUsers(unstorable, null, 5),
      await accounts.usersByEmail(unstorable, 5),
      await accounts.usersByAvatar(unstorable),
      await accounts.revokeCredentials(id, [unstorable]),
    ]).toEqual([[], [], [], []]);
    expect(await accounts.revokeLink(unstorable, null)).toBe(false);
    expect(await accounts.createUserOf({ issuer: 'i', subject: unstorable }, newUser('bob'))).toMatchObject({
      name: 'bob',
    });
    expect(await accounts.userOf({ issuer: 'i', subject: unstorable })).toMatchObject({ name: 'bob' });
    await dispose();
  });

  it('the store still answers reads while many changes wait for the lock of all accounts', async () => {
    const url = await server.createDatabase();
    const [holder, database] = [1, 2].map((connectionsMax) => openDatabase({ url, connectionsMax })) as [
      Database,
      Database,
    ];
    await migrate(holder);
    const accounts = createPostgresAccounts(database, chatLimits);
    const waiting = await holder.transaction(async (at) => {
      await at.query('SELECT pg_advisory_xact_lock($1::int8)', [7_234_002]);
      const changes = rounds.map((round) => register(accounts, `crowd-${round}`));
      expect(await accounts.countUsers()).toBe(0);
      return { changes };
    });
    const ids = (await Promise.all(waiting.changes)).map(({ id }) => id);
    expect(ids).toEqual(rounds.map((round) => round + 1));
    await Promise.all([holder.close(), database.close()]);
  });

  it('the store accepts a sign-in whose time of use cannot be written', async () => {
    const url = await server.createDatabase();
    const open = () => openDatabase({ url, connectionsMax: 2 });
    const [before, after] = [open(), open()];
    await migrate(before);
    const { id } = await register(createPostgresAccounts(before, chatLimits), 'ann');
    await signIn(createPostgresAccounts(before, chatLimits), id, 'a');
    // Takes effect for connections opened afterwards.
    await server.ask(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_read_only = on`);
    const accounts = createPostgresAccounts(after, chatLimits);
    const used = await accounts.useCredential('token a', start + 60_000);
    expect(used?.credential).toMatchObject({ id: 'a', usedAt: start });
    await accounts.noteSeen(id, start + 120_000);
    await expect(accounts.setSetting('a', 'b')).rejects.toMatchObject({ name: 'StoreError', code: 'busy' });
    await Promise.all([before.close(), after.close()]);
  });
});

function newUser(name: string, more: Partial<NewUser> = {}): NewUser {
  return { name, displayName: name, passwordHash: `hash of ${name}`, createdAt: start, ...more };
}

async function register(accounts: Accounts, name: string, more?: Partial<NewUser>): Promise<User> {
  const user = await accounts.createUser(newUser(name, more));
  if (user === null) throw new Error(`${name} is taken`);
  return user;
}

function signIn(accounts: Accounts, user: number, id: string, passwordHash?: string) {
  const times = { createdAt: start, usedAt: start, transport: '' };
  return accounts.createCredential({ id, user, label: '', ...times, tokenHash: `token ${id}` }, passwordHash);
}

function linkOf(kind: AccountLinkKind, id: string, user: number | null): Parameters<Accounts['createLink']>[0] {
  const times = { createdAt: start, expiresAt: start + 3_600_000 };
  return { id, kind, user, label: '', ...times, usesMax: 1, secretHash: `secret ${id}` };
}
