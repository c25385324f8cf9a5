import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatLimits } from '@everywire/chat';
import { leafPagesSql, StoreDriver, zeroPages } from '@everywire/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../database/open-database.js';
import { createSqliteStore } from '../sqlite-store.js';

const ann = 1;
const messages = 300;

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-damaged-changes-'));
  file = join(directory, 'chat.db');
});

afterEach(() => rmSync(directory, { recursive: true }));

/** Overwrites the pages of the middle third of the messages with zeros. */
function zeroMiddle(): void {
  const database = openDatabase(file, { readonly: true });
  const pages = database.prepare<[string], number>(leafPagesSql).pluck().all('message');
  database.close();
  zeroPages(file, pages.slice(Math.floor(pages.length / 3), Math.ceil((pages.length * 2) / 3)));
}

it('[CH-10.2] a client that requests changes reaches the head even if no changed row is readable', async () => {
  const made = createSqliteStore({ file });
  const driver = new StoreDriver(made, chatLimits);
  const conversation = await driver.group(ann, []);
  await driver.sendMany(ann, conversation, messages);
  for (let sequence = 110; sequence <= 190; sequence += 1) await driver.touch(conversation, sequence);
  await made.close();
  zeroMiddle();
  const store = createSqliteStore({ file, limits: { damageCheckDelayMs: Number.POSITIVE_INFINITY } });
  let [since, rows, more, empty] = [0, 0, true, 0];
  while (more) {
    const answer = await store.changes(ann, conversation, since, 20);
    if (answer.outcome !== 'changes') throw new Error(answer.outcome);
    expect(answer.to).toBeGreaterThan(since);
    ({ to: since, more } = answer);
    rows += answer.rows.length;
    if (answer.rows.length === 0) empty += 1;
  }
  expect(since).toBe(81);
  expect(rows).toBeLessThan(81);
  expect(empty).toBeGreaterThan(0);
  await store.close();
});
