import { statSync, writeFileSync } from 'node:fs';
import { chatLimits, type FileRef } from '@everywire/chat';
import { BLOCK_MESSAGES } from '@everywire/chat/internal';
import { StoreDriver } from '@everywire/testkit';
import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Database, openDatabase, type Queries } from '../database/database.js';
import { createPostgresStore, type PostgresStore } from '../opening/postgres-store.js';
import { checkRange } from './check-range.js';
import { checkPostgresStore } from './check-store.js';

const [ann, bob, eve] = [1, 2, 3] as const;
const [picture, notes] = ['a'.repeat(32), 'b'.repeat(32)];

/** The conversations of the sound store. In `group`, message 2 has a thread, 4 is pinned and 5 has a file. */
const [group, direct, long, deleted] = [1, 2, 3, 4];

/** Makes the text of a message long and incompressible, so that PostgreSQL stores it out of line. */
const LENGTHEN = `UPDATE message SET body = convert_to((SELECT string_agg(md5(i::text), '') FROM generate_series(1, 300) i), 'UTF8')
  WHERE conversation = 2 AND sequence = 2`;

/** Finds the file of the values of messages that are stored out of line. */
const VALUES_FILE = `SELECT current_setting('data_directory') || '/' || pg_relation_filepath(reltoastrelid) AS file
  FROM pg_class WHERE relname = 'message'`;

describe('a check of a database', { tags: ['wide'] }, () => {
  let server: PostgresServer;
  let sound: string;
  beforeAll(async () => {
    server = await startPostgres({ fsync: 'off' });
    sound = await server.createDatabase();
    const store = await open(sound);
    await fill(store);
    const isAtRest = async (): Promise<void> => {
      const dump = await server.dump(sound, ['--inserts', '--table=message', '--table=search_due']);
      expect(dump).not.toMatch(/INTO public\.(message VALUES \(4,|search_due)/);
    };
    await vi.waitFor(isAtRest, { timeout: 60_000 });
    await store.close();
  });
  afterAll(() => server?.stop());

  const open = (url: string): Promise<PostgresStore> =>
    createPostgresStore({ url, limits: { searchIndexMs: 0, erasePauseMs: 0 }, onLimitsDiffer: () => undefined });

  /** Fills an empty store by commands only, until its filters are built and its deleted conversation is erased. */
  const fill = async (store: PostgresStore): Promise<void> => {
    const driver = new StoreDriver(store, chatLimits);
    await driver.group(ann, [bob, eve]);
    await driver.direct(ann, bob);
    await driver.group(ann, [bob]);
    await driver.group(ann, [bob]);
    const { sequence, id } = await driver.send(ann, group, 'root');
    await driver.do(bob, { command: 'send', conversation: group, text: 'reply', thread: { sequence, id } });
    const pinned = await driver.send(bob, group, 'pinned');
    await driver.do(ann, { command: 'pin', conversation: group, message: pinned, set: true });
    const refs = await Promise.all([picture, notes].map((file) => addFile(store, file)));
    const send = { command: 'send', conversation: group, text: 'with a file', files: [notes] } as const;
    await driver.run(ann, { ...send, id: driver.mintId() }, refs.slice(1));
    const change = { command: 'setPicture', conversation: group, file: picture } as const;
    await driver.run(ann, { ...change, id: driver.mintId() }, refs.slice(0, 1));
    await driver.leave(eve, group);
    await driver.read(bob, group, 4);
    await driver.sendMany(ann, direct, 3);
    await driver.sendMany(bob, long, BLOCK_MESSAGES);
    await driver.sendMany(bob, deleted, 3);
    await driver.do(ann, { command: 'delete', conversation: deleted });
  };

  const addFile = async (store: PostgresStore, id: string): Promise<FileRef> => {
    await store.addFile({ id, owner: ann, size: 9, at: 1 }, 1_000);
    const shown = { width: 1, height: 1, placeholder: '' };
    const ref = { id, name: 'file', kind: 'image', type: 'image/png', size: 9, picture: shown } as const;
    await store.finishFile(id, ref, 1, 9);
    return ref;
  };

  const checkAfter = async (...statements: readonly string[]): Promise<readonly string[]> => {
    const copy = await server.createDatabase(sound);
    await server.read(copy, statements.join(';'));
    return (await checkPostgresStore({ url: copy })).damage;
  };

  it('a sound store has no damage, and the check reports whether checksums are on', async () => {
    expect(await checkPostgresStore({ url: sound })).toEqual({ damage: [], hasChecksums: false });
  });

  it.each([
    ['DELETE FROM message WHERE conversation = 2 AND sequence = 2', 'message 2 of conversation 2 is missing'],
    [
      'DELETE FROM message WHERE conversation = 3 AND sequence BETWEEN 9 AND 30',
      'messages 9 to 30 of conversation 3 are missing',
    ],
    [
      'DELETE FROM message WHERE conversation = 2 AND sequence = 4',
      'conversation 2 is recorded with 4 messages, but its last one has the number 3',
      'conversation 2 is recorded with 3 messages that count as unread, but has 2',
    ],
    [
      'UPDATE conversation SET sequence = 3, count = 2 WHERE id = 2',
      'conversation 2 is recorded with 3 messages, but its last one has the number 4',
      'conversation 2 is recorded with 2 messages that count as unread, but has 3',
    ],
    ['UPDATE conversation SET kind = 9 WHERE id = 2', 'conversation 2 cannot be parsed'],
    ['UPDATE conversation SET member_count = 3 WHERE id = 1', 'conversation 1 is recorded with 3 members, but has 2'],
    ['UPDATE conversation SET pins = 2 WHERE id = 1', 'conversation 1 is recorded with 2 pinned messages, but has 1'],
    [
      'UPDATE conversation SET modification = 0 WHERE id = 1',
      'message 2 of conversation 1 has the modification 1, the conversation only 0',
      'message 4 of conversation 1 has the modification 2, the conversation only 0',
    ],
    [
      'UPDATE message SET ordinal = 9 WHERE conversation = 2 AND sequence = 3',
      'message 3 of conversation 2 has the ordinal 9 instead of 2',
      'message 4 of conversation 2 has the ordinal 3 instead of 10',
    ],
    [
      'UPDATE message SET sender_ordinal = 9 WHERE conversation = 2 AND sequence = 4',
      'message 4 of conversation 2 is number 9 of user 1 instead of 3',
      'user 1 of conversation 2 is recorded with 3 messages that count as unread, but sent 9',
    ],
    [
      'UPDATE message SET replies = 2 WHERE conversation = 1 AND sequence = 2',
      'message 2 of conversation 1 is recorded with 2 replies, but has 1',
    ],
    [
      'UPDATE message SET replies = NULL WHERE conversation = 1 AND sequence = 2',
      'message 3 of conversation 1 replies to message 2, which records no replies',
    ],
    [
      `UPDATE message SET extra = '{' WHERE conversation = 2 AND sequence = 2`,
      'message 2 of conversation 2 cannot be parsed',
    ],
    [
      `UPDATE message SET body = 'null' WHERE conversation = 2 AND sequence = 1`,
      'message 1 of conversation 2 cannot be parsed',
    ],
    [
      `UPDATE message SET body = '\\xff' WHERE conversation = 2 AND sequence = 2`,
      'message 2 of conversation 2 cannot be parsed',
    ],
    [
      'UPDATE message SET kind = 9 WHERE conversation = 2 AND sequence = 1',
      'message 1 of conversation 2 cannot be parsed',
    ],
    [
      'UPDATE member SET sent = 2 WHERE conversation = 2 AND usr = 2',
      'user 2 of conversation 2 is recorded with 2 messages that count as unread, but sent 0',
    ],
    [
      'UPDATE member SET read = 9 WHERE conversation = 2 AND usr = 2',
      'read of user 2 of conversation 2 is 9, above the last message 4',
    ],
    [
      'UPDATE member SET read_sent = 9 WHERE conversation = 2 AND usr = 2',
      'user 2 of conversation 2 has read more messages than there are',
    ],
    [
      `UPDATE member SET periods = '[' WHERE conversation = 2 AND usr = 2`,
      'the membership of user 2 of conversation 2 cannot be parsed',
    ],
    [
      `UPDATE member SET open_from = 2 WHERE conversation = 2 AND usr = 2`,
      'open_from of user 2 of conversation 2 differs from the periods',
    ],
    [
      'UPDATE inbox SET is_open = true WHERE conversation = 1 AND usr = 3',
      'is_open of user 3 of conversation 1 differs from the membership',
    ],
    ['DELETE FROM inbox WHERE conversation = 2 AND usr = 2', 'user 2 of conversation 2 has no row in inbox'],
    [
      'DELETE FROM member WHERE conversation = 1 AND usr = 3',
      'user 3 of conversation 1 has a row in inbox, but none in member',
    ],
    [
      'UPDATE search_block SET block = 1',
      'conversation 3 has a search filter for messages that do not exist (block 1)',
    ],
    [
      'DELETE FROM file_use WHERE sequence > 0',
      'message 5 of conversation 1 has a file that is not recorded as used, so it may be deleted',
    ],
    [
      'DELETE FROM file_use WHERE sequence = 0',
      'the picture of conversation 1 is not recorded as used, so it may be deleted',
    ],
    [
      `INSERT INTO file_use VALUES ('\\x${notes}', 1, 99)`,
      `file ${notes} is recorded as used by message 99 of conversation 1, which does not exist`,
    ],
    [`DELETE FROM file WHERE id = '\\x${notes}'`, `conversation 1 uses file ${notes}, which has no record`],
    ['DELETE FROM conversation WHERE id = 4', 'conversation 4 has members, but no row in conversation'],
    [
      'UPDATE message SET conversation = 9 WHERE conversation = 3 AND sequence = 129',
      'conversation 3 is recorded with 129 messages, but its last one has the number 128',
      'conversation 3 is recorded with 128 messages that count as unread, but has 127',
      'conversation 9 has messages, but no row in conversation',
    ],
  ])('%s is reported as this damage and no other', async (damage, ...lines) => {
    expect(await checkAfter(damage)).toEqual(lines);
  });

  it('a value that cannot be read is reported with its table and its conversation, and the rest is checked', async () => {
    const url = await server.createDatabase(sound);
    await server.read(url, `${LENGTHEN}; UPDATE conversation SET pins = 1 WHERE id = 3; CHECKPOINT`);
    const database = openDatabase({ url, connectionsMax: 1 });
    const [{ file = '' } = {}] = await database.query<{ file: string }>(VALUES_FILE);
    await database.close();
    await server.stopAndStart(async () => writeFileSync(file, Buffer.alloc(statSync(file).size)));
    expect((await checkPostgresStore({ url })).damage).toEqual([
      expect.stringMatching(/^the table message cannot be read: missing chunk number 0 for toast value/),
      expect.stringMatching(/^conversation 2 cannot be read: missing chunk number 0 for toast value/),
      'conversation 3 is recorded with 1 pinned messages, but has 0',
    ]);
  });

  it('a check ends at 100 lines', async () => {
    expect(await checkAfter('UPDATE message SET modification = 9')).toHaveLength(100);
  });

  it('commands that commit between the reads of a check are not reported', async () => {
    const url = await server.createDatabase(sound);
    const [store, database] = [await open(url), openDatabase({ url, connectionsMax: 1 })];
    const driver = new StoreDriver(store, chatLimits, { firstId: 1e6 });
    let commits = 0;
    const interrupted: Database = {
      ...database,
      snapshot: (work) =>
        database.snapshot((at) => {
          const query: Queries['query'] = async (text, values) => {
            if (commits > 0) await driver.send(bob, group);
            if (commits === 1) await driver.add(ann, long, eve);
            commits += 1;
            return at.query(text, values);
          };
          return work({ ...at, query });
        }),
    };
    expect(await checkRange(interrupted, { after: 0, size: 9 })).toMatchObject({ lines: [], unreadable: null });
    expect(commits).toBeGreaterThan(5);
    await database.close();
    await store.close();
    expect((await checkPostgresStore({ url })).damage).toEqual([]);
  });

  it('a check refuses a database without the tables of this version, and creates none', async () => {
    const url = await server.createDatabase();
    await expect(checkPostgresStore({ url })).rejects.toMatchObject({ code: 'store_foreign' });
    await expect(checkPostgresStore({ url })).rejects.toMatchObject({ code: 'store_foreign' });
    await server.read(url, 'CREATE TABLE schema_step (step int4); INSERT INTO schema_step VALUES (999)');
    await expect(checkPostgresStore({ url })).rejects.toMatchObject({ code: 'store_newer' });
  });
});
