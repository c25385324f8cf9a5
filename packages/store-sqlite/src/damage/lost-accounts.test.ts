import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatLimits } from '@everywire/chat';
import { leafPagesSql, StoreDriver, zeroPages } from '@everywire/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../database/open-database.js';
import { restoreSqliteStore } from '../restore-store.js';
import { createSqliteStore } from '../sqlite-store.js';
import { checkSqliteStore } from './check-store.js';
import { copyDamagedSqliteStore } from './copy-damaged-store.js';
import type { SalvageLosses } from './salvage-losses.js';

// Tests the salvage of a store that lost the rows of some accounts: the copy must not give their sign-ins and
// conversations to others.

const people = 200;
const identity = { issuer: 'https://login.example', subject: 'last' };

let directory: string;
let file: string;
let restored: string;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-lost-accounts-'));
  file = join(directory, 'chat.db');
  restored = join(directory, 'restored.db');
  const store = createSqliteStore({ file });
  for (let each = 1; each < people; each += 1) await store.createUser(named(`person${each}`));
  await store.createUserOf(identity, named(`person${people}`));
  for (const user of [1, people]) {
    const credential = { id: `credential${user}`, user, label: '', createdAt: 1, usedAt: 1, transport: '' };
    await store.createCredential({ ...credential, tokenHash: `token${user}` });
    await store.beginSecondFactor(user, 'secret');
    await store.confirmSecondFactor(user, { secret: 'secret', step: 1 }, ['code']);
  }
  const driver = new StoreDriver(store, chatLimits);
  await driver.send(people, await driver.group(people - 1, [people]), 'not for others');
  await store.close();
});

afterEach(() => rmSync(directory, { recursive: true }));

const named = (name: string) => ({ name, displayName: name, passwordHash: 'hash', createdAt: 1 });

/** Removes the last pages of the tables, or their only one. */
function lose(...tables: readonly string[]): void {
  const database = openDatabase(file, { readonly: true });
  const pages = tables.map((name) => database.prepare<[string], number>(leafPagesSql).pluck().all(name).at(-1) ?? 0);
  database.close();
  zeroPages(file, pages);
}

function copyAndRestore(): SalvageLosses {
  const backup = join(directory, 'backup.db');
  const givenUp = copyDamagedSqliteStore({ file, backup });
  expect(checkSqliteStore({ file: backup })).toEqual([]);
  restoreSqliteStore({ backup, file: restored, keepSignIns: true });
  return givenUp;
}

it.each([
  ['the accounts', ['account']],
  ['the accounts and the counter of their ids', ['account', 'sqlite_sequence']],
])('after damage to %s, the id and sign-ins of a lost account are not reused', async (_name, tables) => {
  lose(...tables);
  const { accounts } = copyAndRestore();
  expect(accounts).toEqual(expect.arrayContaining([people - 1, people]));
  const store = createSqliteStore({ file: restored });
  const newcomers = await Promise.all([1, 2, 3].map((each) => store.createUser(named(`newcomer${each}`))));
  expect(newcomers.map((user) => user?.id)).toEqual([people + 1, people + 2, people + 3]);
  expect(await store.useCredential(`token${people}`, 2)).toBeNull();
  expect([await store.credentials(people), await store.secondFactor(people)]).toEqual([[], null]);
  // The user registers again as a new account.
  const back = await store.createUserOf(identity, named(`person${people}`));
  expect(back?.id).toBe(people + 4);
  expect(await store.useCredential('token1', 2)).toMatchObject({ user: { id: 1 } });
  expect(await store.secondFactor(1)).toMatchObject({ recoveryCodesLeft: 1 });
  await store.close();
});
