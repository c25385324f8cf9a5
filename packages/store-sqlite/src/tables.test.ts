import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatLimits } from '@everywire/chat';
import { expect, it } from 'vitest';
import { openConnection } from './connection.js';
import type { Database } from './database/database.js';
import { DEFAULT_SQLITE_STORE_LIMITS } from './limits.js';
import { migrate } from './migrate.js';
import { MIGRATIONS } from './schema.js';
import { createTables } from './tables.js';

/** Allowed: a single row, the end of an index, or a table with its own limit; none grows with the store. */
const bounded = [
  /FROM store\b/,
  /^UPDATE store\b/,
  /SELECT max\(id\) FROM conversation/,
  /FROM search_due ORDER BY id LIMIT 1$/,
  /FROM list_moved\b/,
  // Used if that user's list is damaged.
  /^SELECT conversation FROM member WHERE user = /,
];

function statementsOf(database: Database, create: () => void): readonly string[] {
  const statements: string[] = [];
  const prepare = database.prepare.bind(database);
  Object.assign(database, {
    prepare: (sql: string) => {
      statements.push(sql);
      return prepare(sql);
    },
  });
  create();
  Object.assign(database, { prepare });
  return statements;
}

function planOf(database: Database, sql: string): readonly string[] {
  const unbound = Array.from(sql.matchAll(/\?/g), () => null);
  const steps = database.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...unbound);
  return steps.map(({ detail }) => detail);
}

it('[CH-4.4] no statement scans a table or index or sorts, however large the store', () => {
  const directory = mkdtempSync(join(tmpdir(), 'everywire-plan-'));
  const file = join(directory, 'chat.db');
  const database = openConnection(file, DEFAULT_SQLITE_STORE_LIMITS, 'inline');
  migrate(database, file, MIGRATIONS);
  const statements = statementsOf(database, () => createTables(database, chatLimits));
  const growing = statements
    .filter((sql) => !bounded.some((known) => known.test(sql)))
    .flatMap((sql) => planOf(database, sql).map((step) => `${step}: ${sql}`))
    .filter((step) => /^SCAN|TEMP B-TREE/.test(step) && !/^SCAN (?:CONSTANT|json_each)/.test(step));
  expect(statements.length).toBeGreaterThan(25);
  expect(growing).toEqual([]);
  database.close();
  rmSync(directory, { recursive: true });
});
