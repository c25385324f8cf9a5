import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatLimits } from '@everywire/chat';
import { alterBytes, dropCells, leafPagesSql, StoreDriver, zeroPages } from '@everywire/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../database/open-database.js';
import type { SqliteStoreLimits } from '../limits.js';
import { createSqliteStore, type SqliteStore } from '../sqlite-store.js';
import { checkSqliteStore } from './check-store.js';
import { type Damage, describeDamage } from './damage.js';

// Tests the checks that find damage of a store: one in the background, and `checkSqliteStore` on request. One store is made
// once; each test damages a copy of it.

const [ann, bob] = [1, 2];
const messages = 600;

let directory: string;
let file: string;
let conversation: number;
let opened: SqliteStore[];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-check-'));
  const store = createSqliteStore({ file: join(directory, 'sound.db') });
  const driver = new StoreDriver(store, chatLimits);
  conversation = await driver.group(ann, [bob]);
  const gone = await driver.group(ann, [bob]);
  await driver.sendMany(ann, gone, 10);
  const texts = Array.from({ length: messages }, (_, index) => `message ${index} with some words of its own`);
  await Promise.all(texts.map((text) => driver.send(ann, conversation, text)));
  await driver.do(ann, { command: 'delete', conversation: gone });
  await store.close();
});
afterAll(() => rmSync(directory, { recursive: true }));

beforeEach(() => {
  opened = [];
  file = join(mkdtempSync(join(directory, 'copy-')), 'chat.db');
  copyFileSync(join(directory, 'sound.db'), file);
});
afterEach(async () => {
  for (const store of opened) await store.close();
});

function leaves(name: string, count: number): readonly number[] {
  const database = openDatabase(file, { readonly: true });
  const pages = database.prepare<[string], number>(leafPagesSql).pluck().all(name);
  database.close();
  return pages.slice(2, 2 + count);
}

interface Checked {
  readonly damage: readonly Damage[];
  readonly steps: number;
}

/** Opens the store and waits for the next check to finish. */
function openAndCheck(limits: Partial<SqliteStoreLimits> = {}): Promise<Checked> {
  const damage: Damage[] = [];
  return new Promise((resolve, reject) => {
    const store = createSqliteStore({
      file,
      limits: { damageCheckDelayMs: 0, damageCheckPauses: 0, ...limits },
      onDamage: (each) => damage.push(each),
      onDamageChecked: ({ steps }) => resolve({ damage, steps }),
      onDamageCheckFailed: reject,
    });
    opened.push(store);
  });
}

/** Limits that read even small tables in steps. */
const inSteps = { damageCheckTableRowsMax: 5, damageCheckRowsAtOnce: 64 };

/** Counts messages reported as lost. */
function lost(damage: readonly Damage[]): number {
  const runs = damage.filter((each) => each.conversation === conversation);
  return runs.reduce((sum, { from, to }) => sum + (to ?? 0) - (from ?? 0) + 1, 0);
}

describe.each([
  ['each table at once', {}],
  ['some rows at once', inSteps],
])('a check of %s', (_name, limits) => {
  it('a check finds nothing in a sound store with deletions', async () => {
    const { damage, steps } = await openAndCheck(limits);
    expect(damage).toEqual([]);
    expect(steps).toBeGreaterThan(10);
    expect(checkSqliteStore({ file })).toEqual([]);
  });

  it('a check names the messages of zeroed pages', async () => {
    zeroPages(file, leaves('message', 6));
    const { damage } = await openAndCheck(limits);
    expect(lost(damage)).toBeGreaterThan(100);
    expect(describeDamage(damage[0] as Damage)).toMatch(/^messages \d+ to \d+ of conversation 1 cannot be read$/);
    expect(lost(checkSqliteStore({ file }))).toBe(lost(damage));
  });

  it('a check names messages missing from readable pages', async () => {
    dropCells(file, leaves('message', 6), 5);
    const { damage } = await openAndCheck(limits);
    expect(lost(damage)).toBe(30);
    const runs = damage.filter((each) => each.conversation === conversation);
    expect(runs.map(({ kind, from, to }) => [kind, (to ?? 0) - (from ?? 0)])).toEqual(Array(6).fill(['missing', 4]));
    expect(lost(checkSqliteStore({ file }))).toBe(30);
  });

  it('a check names a message with an altered text', async () => {
    alterBytes(file, 'message 77 with', 'message 77 w1th');
    const { damage } = await openAndCheck(limits);
    expect(damage.map(describeDamage)).toEqual(['message 79 of conversation 1 is not what was written']);
  });

  it.each(['command_key', 'command_key_at'])('a check names the table if pages of %s are zeroed', async (name) => {
    zeroPages(file, leaves(name, 2));
    const { damage } = await openAndCheck(limits);
    expect(damage.map(({ table }) => table)).toContain(name.replace('_at', ''));
    expect(damage.filter((each) => each.table !== name.replace('_at', ''))).toEqual([]);
  });
});

it('a check finds lost rows of a small table by its indexes', async () => {
  dropCells(file, leaves('command_key', 1), 2);
  const { damage } = await openAndCheck();
  expect(damage.map(({ kind, table }) => `${kind} ${table}`)).toContain('structure command_key');
});

it('a check is repeated after an interval and finds new damage', async () => {
  const damage: Damage[] = [];
  let checks = 0;
  let store: SqliteStore | undefined;
  await new Promise<void>((resolve, reject) => {
    store = createSqliteStore({
      file,
      limits: { damageCheckDelayMs: 0, damageCheckPauses: 0, damageCheckIntervalMs: 1 },
      onDamage: (each) => {
        damage.push(each);
        resolve();
      },
      onDamageChecked: () => {
        checks += 1;
        if (checks === 1) zeroPages(file, leaves('message', 1));
      },
      onDamageCheckFailed: reject,
    });
    opened.push(store);
  });
  expect(checks).toBeGreaterThan(0);
  expect(store?.damage()).toEqual(damage);
});

it('a store that closes during a check does not wait for its end', async () => {
  const limits = { damageCheckDelayMs: 0, damageCheckPauses: 1e9 };
  let isOver = false;
  const store = createSqliteStore({ file, limits, onDamageChecked: () => (isOver = true) });
  await store.close();
  expect(isOver).toBe(false);
});
