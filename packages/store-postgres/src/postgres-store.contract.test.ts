import { createSecretKey, randomBytes } from 'node:crypto';
import type { ChatLimits, Store } from '@everywire/chat';
import {
  CommitGate,
  createDatabasePath,
  type DatabasePath,
  describeStoreContract,
  describeStoreOpeningSeeds,
  type StoreOpening,
} from '@everywire/testkit';
import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { checkPostgresStore } from './check/check-store.js';
import { openDatabase } from './database/database.js';
import { createPostgresStore } from './opening/postgres-store.js';
import { restorePostgresStore } from './opening/restore-store.js';
import { migrate } from './schema.js';

const commandKey = createSecretKey(randomBytes(32));

/** Filters are built without delay, so that tests use them; the small budget ends many searches early. */
const storeLimits = { lanes: 2, connectionsMax: 4, searchIndexMs: 0, searchBudget: 300, erasePauseMs: 0 };

interface Opened extends StoreOpening {
  readonly store: Store & StoreOpening['store'];
  readonly close: () => Promise<void>;
}

describe('a store in PostgreSQL', { tags: ['wide'] }, () => {
  let server: PostgresServer;
  let template: string;
  let path: DatabasePath;
  beforeAll(async () => {
    server = await startPostgres({ fsync: 'off' });
    template = await server.createDatabase();
    const database = openDatabase({ url: template, connectionsMax: 1 });
    await migrate(database);
    await database.query("UPDATE store SET place = 'the template'");
    await database.close();
    // Changes lose each twentieth answer to a COMMIT, with the connection, after the server has executed it.
    path = await createDatabasePath(template);
    path.loseAnswers({ every: 20, startup: 'plan_cache_mode' });
  });
  afterAll(async () => {
    expect(path.lost).toBeGreaterThan(0);
    await path?.close();
    await server?.stop();
  });

  const open = async (url: string, chatLimits: ChatLimits): Promise<Opened> => {
    const gate = new CommitGate();
    const beforeCommit = () => new Promise<void>((resolve) => gate.pass(resolve));
    const store = await createPostgresStore({
      url: path.url(url),
      commandKey,
      chatLimits,
      limits: storeLimits,
      beforeCommit,
      onLimitsDiffer: (error) => {
        throw error;
      },
    });
    const close = async (): Promise<void> => {
      gate.release();
      await store.close();
    };
    return { store, accounts: store, gate, close, rest: () => restOf(url) };
  };

  /** Waits until every session of the server is idle or waits for a lock. */
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

  /** Returns the content as queries see it; deleted rows stay in the server's files until a vacuum. */
  const keptIn = async (url: string): Promise<string> => {
    const dump = await server.dump(url, ['--inserts']);
    return dump.replaceAll(/\\x([0-9a-f]*)/g, (_, hex: string) => Buffer.from(hex, 'hex').toString('utf8'));
  };

  const create = async (limits: ChatLimits) => {
    const url = await server.createDatabase(template);
    const opened: Opened[] = [];
    const another = async (at: string = url): Promise<Opened> => {
      const opening = await open(at, limits);
      opened.push(opening);
      return opening;
    };
    const first = await another();
    const reopen = async (): Promise<Store> => {
      await first.close();
      return (await another()).store;
    };
    const backup = async () => {
      const dump = await server.dump(url);
      return async (): Promise<Store> => {
        const copy = await server.createDatabase();
        await server.read(copy, dump);
        await restorePostgresStore({ url: copy });
        return (await another(copy)).store;
      };
    };
    const dispose = async (): Promise<void> => {
      for (const { close } of opened) await close();
    };
    const { store, accounts } = first;
    return { url, store, accounts, reopen, another, backup, kept: () => keptIn(url), dispose };
  };

  /** Creates a store in which `everywire check` must find no damage at its end. */
  const createChecked = async (limits: ChatLimits) => {
    const created = await create(limits);
    const dispose = async (): Promise<void> => {
      await created.dispose();
      expect((await checkPostgresStore(created)).damage).toEqual([]);
    };
    return { ...created, dispose };
  };

  describeStoreContract('postgres', create);
  describeStoreOpeningSeeds('postgres', createChecked, [1, 2, 3, 4, 5]);
});
