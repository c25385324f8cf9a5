import { chatLimits, StoreError } from '@everywire/chat';
import { createDatabasePath, type DatabasePath, StoreDriver } from '@everywire/testkit';
import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPostgresStore, type PostgresStore } from './opening/postgres-store.js';

// Tests a node whose database is lost without a sign: its host vanishes, moves or is silent, or only an answer is lost.

const [ann, bob] = [1, 2];
/** A text in the startup packet of the connections that change conversations (the lanes). */
const ofLanes = 'plan_cache_mode';

describe('a database that is lost without a sign', { tags: ['wide'] }, () => {
  let server: PostgresServer;
  let path: DatabasePath;
  let database: string;
  let driver: StoreDriver;
  const stores: PostgresStore[] = [];
  const open = async (url: string): Promise<PostgresStore> => {
    const onLimitsDiffer = (error: Error): never => {
      throw error;
    };
    const store = await createPostgresStore({ url, onLimitsDiffer, onCommitFailed: () => undefined });
    stores.push(store);
    driver = new StoreDriver(store, chatLimits, { firstId: stores.length * 1e9 });
    return store;
  };
  beforeAll(async () => {
    server = await startPostgres({ fsync: 'off' });
  });
  beforeEach(async () => {
    database = await server.createDatabase();
    path = await createDatabasePath(database);
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    await path.close();
  });
  afterAll(() => server?.stop());

  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'done',
      (error: unknown) => (error instanceof StoreError ? error.code : String(error)),
    );
  const textsIn = async (): Promise<readonly string[]> => {
    const page = await driver.store.page(ann, 1, { anchor: { at: 'after', sequence: 1 }, limit: 100, check: null });
    if (page.outcome !== 'page') throw new Error(page.outcome);
    return page.rows.map(({ body }) => (body.kind === 'text' ? body.text : ''));
  };

  describe('on a host that lost its power', () => {
    let standby: PostgresServer;
    beforeEach(async () => {
      standby = await server.copy('standby');
    });
    afterEach(() => standby.stop());

    it('[CH-26.1] gives out no number twice under one epoch, when a standby that lacks a message takes over', async () => {
      const store = await open(path.url(database));
      const group = await driver.group(ann, [bob]);
      const { lsn } = (await server.ask<{ lsn: string }>('SELECT pg_current_wal_lsn()::text AS lsn'))[0] ?? { lsn: '' };
      const behind = () => standby.ask(`SELECT 1 FROM pg_last_wal_replay_lsn() AS at WHERE at >= '${lsn}'`);
      await expect.poll(behind, { timeout: 20_000 }).toHaveLength(1);
      await standby.ask("ALTER SYSTEM SET primary_conninfo = ''");
      await standby.ask('SELECT pg_reload_conf()');
      await expect.poll(() => server.ask('SELECT 1 FROM pg_stat_replication'), { timeout: 20_000 }).toHaveLength(0);
      const lost = await driver.send(ann, group, 'acknowledged, and lost with the primary');
      const { cursor } = await driver.listAll(bob, null);
      const epoch = await store.epoch();
      path.switchOff(standby.at(database));
      await standby.ask('SELECT pg_promote()');
      const id = driver.mintId();
      const send = () => driver.run(ann, { command: 'send', id, conversation: group, text: 'sent later' });
      const sent = await vi.waitFor(send, { timeout: 30_000, interval: 100 });
      expect(sent).toMatchObject({ outcome: 'committed', result: { sequence: lost.sequence } });
      expect(sent).not.toMatchObject({ epoch });
      const list = await store.list(bob, cursor, 10);
      expect(list).toMatchObject({ outcome: 'reset', epoch: 'epoch' in sent ? sent.epoch : '' });
    });
  });

  it('[CH-26.1] a running node adopts an epoch that another program has begun', async () => {
    const store = await open(database);
    const epoch = await store.epoch();
    await server.read(database, "UPDATE store SET epoch = 'begun elsewhere'");
    await expect.poll(() => store.epoch(), { timeout: 20_000 }).toBe('begun elsewhere');
    const group = await driver.group(ann, [bob]);
    expect((await store.entry(bob, group)).epoch).toBe('begun elsewhere');
    expect(epoch).not.toBe('begun elsewhere');
  });

  it('[CM-3.2] a send whose answer was lost with the server is committed once, when the server is back soon', async () => {
    await open(path.url(database));
    const group = await driver.group(ann, [bob]);
    path.loseAnswers({ times: 1, startup: ofLanes });
    const sent = driver.send(ann, group, 'executed');
    await expect.poll(() => path.lost, { timeout: 20_000, interval: 1 }).toBe(1);
    path.refuse();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    path.accept();
    expect((await sent).sequence).toBe(2);
    expect(await textsIn()).toEqual(['executed']);
  });

  it('[CM-3.2] busy means that nothing was changed, and unknown that it may have been', async () => {
    await open(path.url(database));
    const group = await driver.group(ann, [bob]);
    path.loseAnswers({ times: 1, startup: ofLanes });
    const executed = codeOf(driver.send(ann, group, 'executed'));
    await expect.poll(() => path.lost, { timeout: 20_000, interval: 1 }).toBe(1);
    path.refuse();
    const waiting = Array.from({ length: 300 }, () => codeOf(driver.send(ann, group, 'never sent')));
    expect(await executed).toBe('unknown');
    // Everything that waits is answered together, and not one after the other.
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['busy']));
    path.accept();
    await expect.poll(() => codeOf(driver.send(ann, group, 'afterwards')), { timeout: 20_000 }).toBe('done');
    expect(await textsIn()).toEqual(['executed', 'afterwards']);
  }, 60_000);

  it('[CM-3.2] a change of an account whose answer was lost is unknown', async () => {
    const store = await open(path.url(database));
    // Not only one answer: a background job of the store may commit first.
    path.loseAnswers({});
    const profile = { displayName: 'Ann', passwordHash: null, createdAt: 1 };
    expect(await codeOf(store.createUser({ ...profile, name: 'ann' }))).toBe('unknown');
    expect(await store.countUsers()).toBe(1);
    expect(await codeOf(store.setSetting('name', 'value'))).toBe('unknown');
    expect(await store.setting('name')).toBe('value');
  });

  it('a full database refuses sends as full, answers reads, and accepts sends again when it has space', async () => {
    await open(database);
    const group = await driver.group(ann, [bob]);
    await server.fill(database, true);
    expect(await codeOf(driver.send(ann, group, 'refused'))).toBe('full');
    expect(await textsIn()).toEqual([]);
    await server.fill(database, false);
    expect(await codeOf(driver.send(ann, group, 'sent'))).toBe('done');
    expect(await textsIn()).toEqual(['sent']);
  });

  it('a database that became read-only is reported until it accepts writes again', async () => {
    const store = await open(database);
    const group = await driver.group(ann, [bob]);
    const name = new URL(database).pathname.slice(1);
    const setReadOnly = async (to: 'on' | 'off'): Promise<void> => {
      await server.ask(`ALTER DATABASE ${name} SET default_transaction_read_only = ${to}`);
      await server.ask(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
    };
    await setReadOnly('on');
    expect(await codeOf(driver.send(ann, group, 'refused'))).toBe('busy');
    const answers = new Set<boolean>();
    // Longer than the time between two probes.
    for (const end = performance.now() + 3_000; performance.now() < end; ) {
      answers.add(store.health().lastCommitOk);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect([...answers]).toEqual([false]);
    await setReadOnly('off');
    await expect.poll(() => store.health().lastCommitOk, { timeout: 20_000 }).toBe(true);
    expect(await codeOf(driver.send(ann, group, 'sent'))).toBe('done');
    expect(await textsIn()).toEqual(['sent']);
  }, 60_000);

  it('a silent database is reported and refuses everything within 20 s, and the store closes', async () => {
    const store = await open(path.url(database));
    const group = await driver.group(ann, [bob]);
    path.silence();
    const begun = performance.now();
    const work = [driver.send(ann, group), store.entry(ann, group), store.countUsers(), store.setSetting('a', 'b')];
    const codes = Promise.all(work.map(codeOf));
    await expect.poll(() => store.health().lastCommitOk, { timeout: 20_000 }).toBe(false);
    for (const code of await codes) expect(['busy', 'unknown']).toContain(code);
    expect(performance.now() - begun).toBeLessThan(20_000);
    const late = codeOf(driver.send(ann, group));
    const closing = performance.now();
    await store.close();
    expect(await late).toBe('busy');
    expect(performance.now() - closing).toBeLessThan(15_000);
  }, 60_000);

  it('after a silence, nothing waits for a connection that was open before it', async () => {
    const store = await open(path.url(database));
    const group = await driver.group(ann, [bob]);
    await Promise.all(Array.from({ length: 5 }, () => store.entry(ann, group)));
    path.silence();
    const lost = expect.poll(() => store.health().lastCommitOk, { timeout: 20_000 });
    await lost.toBe(false);
    path.speak();
    await expect.poll(() => store.health().lastCommitOk, { timeout: 20_000, interval: 10 }).toBe(true);
    const begun = performance.now();
    await Promise.all([driver.send(ann, group), store.entry(ann, group), store.countUsers()]);
    expect(performance.now() - begun).toBeLessThan(2_000);
  }, 60_000);

  it('a node serves again after the database was silent', async () => {
    const store = await open(path.url(database));
    const group = await driver.group(ann, [bob]);
    path.silence();
    await expect.poll(() => store.health().lastCommitOk, { timeout: 20_000 }).toBe(false);
    path.speak();
    await expect.poll(() => codeOf(driver.send(ann, group)), { timeout: 40_000 }).toBe('done');
    await expect.poll(() => store.health().lastCommitOk, { timeout: 20_000 }).toBe(true);
  }, 90_000);

  it('[CH-1.1] a repeated command is acknowledged only when the standby that must confirm commits has it', async () => {
    await open(database);
    const group = await driver.group(ann, [bob]);
    const waits = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    const setStandbys = async (names: string): Promise<void> => {
      await server.ask(`ALTER SYSTEM SET synchronous_standby_names = '${names}'`);
      await server.ask('SELECT pg_reload_conf()');
      const current = () => server.ask("SELECT current_setting('synchronous_standby_names') AS names");
      await expect.poll(current, { timeout: 20_000 }).toEqual([{ names }]);
    };
    await setStandbys('absent');
    try {
      let isAnswered = false;
      const sent = driver.send(ann, group).finally(() => {
        isAnswered = true;
      });
      await expect.poll(() => server.ask(waits), { timeout: 20_000 }).toHaveLength(1);
      // PostgreSQL then commits without the standby, and the retry finds the command.
      const [{ pid } = {}] = await server.ask<{ pid?: number }>(waits);
      await server.ask(`SELECT pg_terminate_backend(${pid})`);
      await expect.poll(() => server.ask(`${waits} AND pid <> ${pid}`), { timeout: 20_000 }).toHaveLength(1);
      expect((await driver.entry(bob, group)).sequence).toBe(2);
      expect(isAnswered).toBe(false);
      await setStandbys('');
      expect((await sent).sequence).toBe(2);
    } finally {
      await setStandbys('');
    }
  }, 60_000);
});
