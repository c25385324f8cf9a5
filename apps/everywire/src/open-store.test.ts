import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const dist = new URL('../dist/', import.meta.url);

/** Returns the bundle files that a file loads, itself included. */
function loadedWith(name: string, loaded = new Set<string>()): ReadonlySet<string> {
  if (loaded.has(name)) return loaded;
  loaded.add(name);
  const text = readFileSync(fileURLToPath(new URL(name, dist)), 'utf8');
  for (const [, other = ''] of text.matchAll(/^(?:import|export)\b[^;]*?["']\.\/([\w-]+\.js)["'];$/gm))
    loadedWith(other, loaded);
  return loaded;
}

const textOf = (files: ReadonlySet<string>): string =>
  [...files].map((name) => readFileSync(new URL(name, dist), 'utf8')).join('\n');

test('a server with one kind of store does not load the code of the other', () => {
  const [server, sqlite, postgres] = ['serve.js', 'open-sqlite.js', 'open-postgres.js'].map((name) =>
    textOf(loadedWith(name)),
  );
  const [ofSqlite, ofPostgres] = ['PRAGMA ', 'pg_logical_emit_message'];
  for (const each of [server, postgres]) expect(each).not.toContain(ofSqlite);
  for (const each of [server, sqlite]) expect(each).not.toContain(ofPostgres);
  expect([sqlite?.includes(ofSqlite), postgres?.includes(ofPostgres)]).toEqual([true, true]);
});
