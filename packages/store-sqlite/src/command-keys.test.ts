import { createHash } from 'node:crypto';
import type { CommandKey } from '@everywire/chat';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createCommandKeys } from './command-keys.js';
import type { Database } from './database/database.js';
import { openDatabase } from './database/open-database.js';

let database: Database;

beforeEach(() => {
  database = openDatabase(':memory:');
  database.exec(
    'CREATE TABLE command_key (id BLOB, user INTEGER, hash TEXT, at INTEGER, result TEXT, PRIMARY KEY (id, user)); CREATE INDEX command_key_at ON command_key (at);',
  );
});
afterEach(() => database.close());

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const keyOf = (text: string): CommandKey => ({ user: 1, id: 'ab'.repeat(16), hash: hashOf(text), at: 1_000 });
const stored = () => database.prepare('SELECT hash FROM command_key').pluck().get() as string;

it('[CH-18.2] [CH-18.3] a repeated command is distinguished from another one with its id', () => {
  const keys = createCommandKeys(database, 30);
  expect(keys.find(keyOf('yes'))).toEqual({ kind: 'new' });
  keys.keep(keyOf('yes'), { sequence: 7 });
  expect(keys.find(keyOf('yes'))).toEqual({ kind: 'repeated', result: { sequence: 7 } });
  expect(keys.find(keyOf('no'))).toEqual({ kind: 'other' });
});

it('[CH-18.3] the stored hash cannot be used to guess a command, and differs after each start', () => {
  const kept = [1, 2].map(() => {
    createCommandKeys(database, 30).keep(keyOf('yes'), null);
    return stored();
  });
  expect(kept[0]).not.toBe(kept[1]);
  for (const hash of kept) expect(hash).not.toContain(hashOf('yes').slice(0, 8));
});

it('[CH-18.3] a command from before the start is answered by its id, even one stored by an older version', () => {
  createCommandKeys(database, 30).keep(keyOf('yes'), { sequence: 7 });
  expect(createCommandKeys(database, 30).find(keyOf('yes'))).toEqual({ kind: 'repeated', result: { sequence: 7 } });
  database.prepare('UPDATE command_key SET hash = ?').run(hashOf('yes'));
  expect(createCommandKeys(database, 30).find(keyOf('yes'))).toEqual({ kind: 'repeated', result: { sequence: 7 } });
  expect(createCommandKeys(database, 30).find(keyOf('no'))).toEqual({ kind: 'other' });
});
