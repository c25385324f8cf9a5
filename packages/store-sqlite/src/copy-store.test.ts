import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatLimits } from '@everywire/chat';
import { StoreDriver } from '@everywire/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { copySqliteStore } from './copy-store.js';
import { openDatabase } from './database/open-database.js';
import { restoreSqliteStore } from './restore-store.js';
import { createSqliteStore, type SqliteStore } from './sqlite-store.js';

// Tests `copySqliteStore`, which copies a store while a server uses it.

let directory: string;
let file: string;
let backup: string;
let store: SqliteStore;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-copy-'));
  [file, backup] = [join(directory, 'chat.db'), join(directory, 'backup.db')];
  // Checkpoints never run, so that commits stay in the write-ahead log.
  store = createSqliteStore({ file, checkpoint: 'inline', search: 'inline', limits: { inlineCheckpointPages: 1e6 } });
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

const texts = Array.from({ length: 50 }, (_, index) => `text ${index}`);

async function sendAll(): Promise<number> {
  const driver = new StoreDriver(store, chatLimits);
  const id = await driver.group(1, [2]);
  for (const text of texts) await driver.send(1, id, text);
  return id;
}

it('a copy has everything acknowledged before, including the write-ahead log, and is sound and private', async () => {
  const id = await sendAll();
  copySqliteStore({ file, backup });
  const copy = openDatabase(backup, { readonly: true });
  expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(copy.pragma('foreign_key_check')).toEqual([]);
  copy.close();
  expect(statSync(backup).mode & 0o777).toBe(0o600);
  expect(existsSync(`${backup}.unfinished`)).toBe(false);

  const restored = join(directory, 'restored.db');
  restoreSqliteStore({ backup, file: restored });
  const second = createSqliteStore({ file: restored, checkpoint: 'inline', search: 'inline' });
  const { rows } = await new StoreDriver(second, chatLimits).page(2, id, { limit: 100 });
  expect(rows.flatMap(({ body }) => (body.kind === 'text' ? [body.text] : []))).toEqual(texts);
  await second.close();
});

it('a copy replaces an interrupted one, and a failed one leaves nothing', async () => {
  await sendAll();
  writeFileSync(`${backup}.unfinished`, 'half a copy');
  copySqliteStore({ file, backup });
  expect(existsSync(`${backup}.unfinished`)).toBe(false);
  writeFileSync(join(directory, 'other.db'), '');
  const copyOther = (): void =>
    copySqliteStore({ file: join(directory, 'other.db'), backup: join(directory, 'second.db') });
  expect(copyOther).toThrow(expect.objectContaining({ code: 'store_foreign' }));
  expect(['second.db', 'second.db.unfinished'].filter((name) => existsSync(join(directory, name)))).toEqual([]);
});
