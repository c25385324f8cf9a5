import { createSecretKey, randomBytes } from 'node:crypto';
import { type ChatLimits, chatLimits } from '@everywire/chat';
import { OWN_SETTINGS } from '@everywire/chat/internal';
import { StoreDriver } from '@everywire/testkit';
import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ADVISORY_LOCKS } from '../database/advisory-locks.js';
import { createPostgresStore, type PostgresStore } from './postgres-store.js';
import { forgetPostgresPlace, restorePostgresStore } from './restore-store.js';

// Tests how server nodes open one database: they must agree on limits, and the database must be safe to use.

const commandKey = createSecretKey(randomBytes(32));
const DAY_MS = 86_400_000;
const others: ChatLimits = { ...chatLimits, groupMembersMax: chatLimits.groupMembersMax + 1 };

describe('opening a database', { tags: ['wide'] }, () => {
  let server: PostgresServer;
  let url: string;
  const opened: PostgresStore[] = [];
  const onLimitsDiffer = vi.fn();
  const open = async (limits: ChatLimits = chatLimits, at: string = url): Promise<PostgresStore> => {
    const store = await createPostgresStore({ url: at, commandKey, chatLimits: limits, onLimitsDiffer });
    opened.push(store);
    return store;
  };
  const nameOf = (at: string): string => at.slice(at.lastIndexOf('/') + 1);

  beforeAll(async () => {
    server = await startPostgres({ fsync: 'off' });
  });
  beforeEach(async () => {
    url = await server.createDatabase();
    onLimitsDiffer.mockClear();
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
  });
  afterAll(() => server?.stop());

  it('the store rejects a node with other limits, naming them, while another node is running', async () => {
    const first = await open();
    await expect(open(others)).rejects.toMatchObject({
      code: 'limits_differ',
      differing: [{ limit: 'groupMembersMax', held: chatLimits.groupMembersMax, asked: others.groupMembersMax }],
    });
    const second = await open();
    await first.close();
    await expect(open(others)).rejects.toMatchObject({ code: 'limits_differ' });
    await second.close();
    expect((await open(others)).limits.groupMembersMax).toBe(others.groupMembersMax);
    await expect(open()).rejects.toMatchObject({ code: 'limits_differ' });
  });

  it('the store lets nodes that start together agree with one of them', async () => {
    const outcomes = await Promise.allSettled([open(), open(others), open(), open(others)]);
    const limits = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value.limits.groupMembersMax] : []));
    expect(new Set(limits).size).toBe(1);
    expect(limits).toHaveLength(2);
  });

  it('[CH-18.3] a command id with another content is refused at another node, and after a restart', async () => {
    const [ann, bob] = [1, 2] as const;
    const openPlain = async (): Promise<StoreDriver> => {
      const store = await createPostgresStore({ url, onLimitsDiffer });
      opened.push(store);
      return new StoreDriver(store, chatLimits);
    };
    const [one, two] = (await Promise.all([openPlain(), openPlain()])) as [StoreDriver, StoreDriver];
    const conversation = await one.direct(ann, bob);
    const command = { command: 'send', conversation, text: 'sent', id: one.mintId() } as const;
    expect(await one.run(ann, command)).toMatchObject({ outcome: 'committed' });
    const other = { ...command, text: 'another' };
    const refused = { outcome: 'refused', code: 'id_reused' };
    expect(await two.run(ann, other)).toEqual(refused);
    for (const store of opened.splice(0)) await store.close();
    expect(await (await openPlain()).run(ann, other)).toEqual(refused);
  });

  it('[CH-18.2] [CH-18.5] a command is not executed again because the clock of a node is ahead', async () => {
    const store = await createPostgresStore({ url, commandKey, limits: { lookMs: 50 }, onLimitsDiffer });
    opened.push(store);
    const driver = new StoreDriver(store, chatLimits);
    driver.pass(Date.now() - driver.now);
    const conversation = await driver.group(1, [2]);
    const command = { command: 'send', conversation, text: 'once', id: driver.mintId() } as const;
    expect(await driver.run(1, command)).toMatchObject({ outcome: 'committed' });
    driver.pass(31 * DAY_MS);
    expect(await driver.run(1, command)).toMatchObject({ outcome: 'repeated' });
    await driver.send(2, conversation);
    driver.pass(-31 * DAY_MS);
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    await other.query("INSERT INTO command_key (usr, id, hash, at, result) VALUES (9, 'old', '', 1, '0')");
    const old = async () => (await other.query('SELECT 1 FROM command_key WHERE usr = 9')).rows;
    await expect.poll(old, { timeout: 20_000 }).toEqual([]);
    await other.end();
    expect(await driver.run(1, command)).toMatchObject({ outcome: 'repeated' });
  });

  it('a node rejoins after its connections were ended, and reports when the running nodes use other limits', async () => {
    const store = await open();
    const ofUs = `datname = '${nameOf(url)}' AND application_name = 'everywire'`;
    const endAll = () => server.ask(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${ofUs}`);
    const joined = () =>
      server.ask("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' AND granted");
    await endAll();
    await expect.poll(joined, { timeout: 20_000 }).toHaveLength(1);
    await expect(open(others)).rejects.toMatchObject({ code: 'limits_differ' });
    expect(onLimitsDiffer).not.toHaveBeenCalled();

    const other = new pg.Client({ connectionString: url });
    await other.connect();
    await other.query('SELECT pg_advisory_lock_shared($1::int8)', [ADVISORY_LOCKS.nodes]);
    await other.query('UPDATE store SET limits = $1', [JSON.stringify(others)]);
    await endAll();
    await expect.poll(() => onLimitsDiffer.mock.calls, { timeout: 20_000 }).toHaveLength(1);
    await other.end();
    await store.close();
  });

  it('the store assigns a new epoch to data that moved to another place, which invalidates earlier cursors', async () => {
    const store = await open();
    const driver = new StoreDriver(store, chatLimits);
    const id = await driver.group(1, [2]);
    const { cursor } = await driver.listAll(2, null);
    const epoch = await store.epoch();
    await store.close();
    const again = await open();
    expect(await again.epoch()).toBe(epoch);
    expect((await again.list(2, cursor, 10)).outcome).toBe('changed');
    await again.close();
    const moved = await open(chatLimits, await server.createDatabase(url));
    expect(await moved.epoch()).not.toBe(epoch);
    expect((await moved.list(2, cursor, 10)).outcome).toBe('reset');
    expect((await moved.entry(2, id)).entry?.member).toBe(true);
  });

  it('[CH-26.1] an operator can begin a new epoch while a node runs', async () => {
    const store = await open();
    const epoch = await store.epoch();
    await forgetPostgresPlace(url);
    await expect.poll(() => store.epoch(), { timeout: 20_000 }).not.toBe(epoch);
  });

  it('[CH-14.1] data from a cluster with higher transaction ids needs no rewrite, and its lists show each change once', async () => {
    const driver = new StoreDriver(await open(), chatLimits);
    const [old, changed] = [await driver.group(1, [2]), await driver.group(1, [2])];
    await server.read(url, "UPDATE inbox SET stamp = '900000000000'; UPDATE conversation SET stamp = '900000000000'");
    const rows = () =>
      server.read(url, "DO $$ BEGIN ASSERT NOT EXISTS (SELECT FROM inbox WHERE stamp <> '900000000000'); END $$");
    await opened.pop()?.close();
    await server.read(url, "UPDATE store SET place = 'elsewhere'");
    const moved = new StoreDriver(await open(), chatLimits, { firstId: 1e9 });
    moved.pass(1_000);
    await rows();
    const { cursor } = await moved.listAll(2, null);
    expect(await moved.store.list(2, cursor, 10)).toMatchObject({ outcome: 'changed', entries: [] });
    await moved.send(1, changed);
    const after = await moved.store.list(2, cursor, 10);
    expect(after).toMatchObject({ outcome: 'changed', entries: [{ conversation: changed }] });
    expect(await moved.store.list(2, after.cursor, 10)).toMatchObject({ outcome: 'changed', entries: [] });
    expect((await moved.entry(2, old)).sequence).toBe(1);
  });

  it('the store reports how far the clock of this machine differs from that of the database', async () => {
    const { now } = Date;
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + 60_000);
    const onClockApart = vi.fn();
    opened.push(await createPostgresStore({ url, commandKey, onLimitsDiffer, onClockApart }));
    await expect.poll(() => onClockApart.mock.calls.flat(), { timeout: 20_000 }).toHaveLength(1);
    clock.mockRestore();
    const [ahead] = onClockApart.mock.calls.flat();
    expect(ahead).toBeGreaterThan(50_000);
    expect(ahead).toBeLessThanOrEqual(60_001);
  });

  it('the store reports a long-running transaction in any database of the server, and its end', async () => {
    const onTransactionHeld = vi.fn();
    const limits = { lookMs: 200 };
    opened.push(await createPostgresStore({ url, commandKey, onLimitsDiffer, limits, onTransactionHeld }));
    const other = new pg.Client({ connectionString: await server.createDatabase() });
    await other.connect();
    await other.query('BEGIN');
    await other.query('SELECT pg_current_xact_id()');
    // Takes a transaction id, as any message does; the open transaction blocks nothing before that.
    await server.ask('SELECT pg_current_xact_id()');
    const reported = () => onTransactionHeld.mock.calls.flat();
    await expect.poll(reported, { timeout: 20_000 }).toEqual([true]);
    await other.end();
    await expect.poll(reported, { timeout: 20_000 }).toEqual([true, false]);
  });

  it('a restored store has another id and other keys than the one of the backup', async () => {
    const store = await open();
    for (const name of [...OWN_SETTINGS, 'registration']) await store.setSetting(name, 'kept');
    await opened.pop()?.close();
    const copy = await server.createDatabase(url);
    await restorePostgresStore({ url: copy, keepSignIns: true });
    const restored = await open(chatLimits, copy);
    const settings = [...OWN_SETTINGS, 'registration'].map((name) => restored.setting(name));
    expect(await Promise.all(settings)).toEqual([null, null, 'kept']);
  });

  it('a restore refuses a database that nodes have open', async () => {
    const store = await open();
    const epoch = await store.epoch();
    await expect(restorePostgresStore({ url })).rejects.toMatchObject({ code: 'store_in_use' });
    await store.close();
    await restorePostgresStore({ url });
    expect(await (await open()).epoch()).not.toBe(epoch);
  });

  it('the store rejects a database that could lose acknowledged commits or was migrated by a later version', async () => {
    const name = nameOf(url);
    await server.ask(`ALTER DATABASE ${name} SET synchronous_commit = off`);
    await expect(open()).rejects.toMatchObject({ code: 'store_not_durable' });
    await server.ask(`ALTER DATABASE ${name} RESET synchronous_commit`);
    await (await open()).close();
    await server.read(url, 'INSERT INTO schema_step VALUES (999)');
    await expect(open()).rejects.toMatchObject({ code: 'store_newer' });
  });

  it('an error explains why a database cannot be opened', async () => {
    const refused = (at: string) => expect(open(chatLimits, at)).rejects;
    const code = 'store_unreachable';
    await refused(`${url}_missing`).toMatchObject({ code, message: expect.stringContaining('does not exist') });
    await refused('postgres://localhost:1/x').toMatchObject({ code, message: expect.stringContaining('ECONNREFUSED') });
    await server.ask('CREATE USER stranger');
    const strange = url.replace('postgres@', 'stranger@');
    await refused(strange).toMatchObject({ code, message: expect.stringContaining('permission denied') });
  });

  it('the store is unhealthy while the server is down, and recovers by itself', async () => {
    const failed = vi.fn();
    const store = await createPostgresStore({ url, onLimitsDiffer, onCommitFailed: failed });
    opened.push(store);
    expect([store.health().lastCommitOk, store.lastWrittenAt]).toEqual([true, null]);
    const driver = new StoreDriver(store, chatLimits);
    await driver.group(1, [2]);
    await server.stopAndStart(async () => {
      await expect.poll(() => store.health(), { timeout: 20_000 }).toEqual({ lastCommitOk: false, isDiskFull: false });
    });
    expect(failed).toHaveBeenCalled();
    await expect.poll(() => store.health().lastCommitOk, { timeout: 20_000 }).toBe(true);
    expect((await open()).lastWrittenAt).toBeGreaterThan(0);
  });
});
