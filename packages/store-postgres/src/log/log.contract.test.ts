import { createSecretKey, randomBytes } from 'node:crypto';
import type { ChatLimits, Store } from '@everywire/chat';
import { CommitGate, describeStoreLogContract, describeStoreOpeningSeeds, type StoreOpening } from '@everywire/testkit';
import { afterAll, beforeAll, describe } from 'vitest';
import { createPostgresAccounts } from '../accounts/postgres-accounts.js';
import { openDatabase } from '../database/database.js';
import { migrate } from '../schema.js';
import { type PostgresServer, startPostgres } from '../test-kit/postgres-server.js';
import { createLog } from './create-log.js';

const commandKey = createSecretKey(randomBytes(32));

describe('the log in PostgreSQL', { tags: ['wide'] }, () => {
  let server: PostgresServer;
  let template: string;
  beforeAll(async () => {
    server = await startPostgres({ fsync: 'off' });
    template = await server.createDatabase();
    const database = openDatabase({ url: template, connectionsMax: 1 });
    await migrate(database);
    await database.close();
  });
  afterAll(() => server?.stop());

  const open = async (url: string, limits: ChatLimits): Promise<StoreOpening & { close: () => Promise<void> }> => {
    const gate = new CommitGate();
    const beforeCommit = () => new Promise<void>((resolve) => gate.pass(resolve));
    const database = openDatabase({ url, connectionsMax: 4, beforeCommit });
    const [{ epoch = '' } = {}] = await database.query<{ epoch: string }>('SELECT epoch FROM store');
    const log = createLog({ url, database, limits, epoch: () => epoch, commandKey, lanes: 2, beforeCommit });
    const close = async (): Promise<void> => {
      gate.release();
      await log.close();
      await database.close();
    };
    const store = { ...log, close } as unknown as StoreOpening['store'];
    return { store, accounts: createPostgresAccounts(database, limits), gate, close, rest: () => restOf(url) };
  };
  /** Nothing that is under way at the server goes further by itself: it waits for a lock, or for what its node says next. */
  const restOf = async (url: string): Promise<void> => {
    const name = url.slice(url.lastIndexOf('/') + 1);
    for (let quiet = 0; quiet < 3; ) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const [row] = await server.ask<{ busy: number }>(
        `SELECT count(*)::int AS busy FROM pg_stat_activity WHERE datname = '${name}' AND state = 'active' AND wait_event_type IS DISTINCT FROM 'Lock'`,
      );
      quiet = row?.busy === 0 ? quiet + 1 : 0;
    }
  };
  const create = async (limits: ChatLimits) => {
    const url = await server.createDatabase(template);
    const opened: (() => Promise<void>)[] = [];
    const another = async () => {
      const opening = await open(url, limits);
      opened.push(opening.close);
      return opening;
    };
    const first = await another();
    const unused = (): never => {
      throw new Error('not of the log');
    };
    return {
      ...{ store: first.store as Store, accounts: first.accounts, another },
      reopen: async () => (await another()).store,
      ...{ backup: unused, kept: unused },
      dispose: async () => {
        for (const close of opened) await close();
      },
    };
  };

  describeStoreLogContract('postgres', create);
  describeStoreOpeningSeeds('postgres', create, [1, 2, 3, 4, 5]);
});
