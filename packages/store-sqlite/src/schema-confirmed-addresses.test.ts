import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDatabase } from './database/open-database.js';
import { migrate } from './migrate.js';
import { MIGRATIONS } from './schema.js';
import { createSqliteStore } from './sqlite-store.js';

it('existing addresses are unconfirmed after the migration, and lose their angle brackets', async ({
  onTestFinished,
}) => {
  const directory = mkdtempSync(join(tmpdir(), 'everywire-addresses-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'chat.db');
  const before = openDatabase(file);
  migrate(
    before,
    file,
    MIGRATIONS.filter(({ version }) => version < 12),
  );
  const insert = before.prepare(
    `INSERT INTO account (name, folded_name, display_name, folded_display_name, created_at, password_hash, email, folded_email)
     VALUES (:name, :name, :name, :name, 1, 'x', :email, lower(:email))`,
  );
  insert.run({ name: 'eve', email: '<Ann@Example.org>' });
  insert.run({ name: 'ann', email: 'ann@example.org' });
  insert.run({ name: 'odd', email: 'a<b@example.org' });
  insert.run({ name: 'bob', email: '' });
  before.close();
  const store = createSqliteStore({ file, checkpoint: 'inline' });
  onTestFinished(() => store.close());
  const details = await Promise.all([1, 2, 3, 4].map((user) => store.privateDetails(user)));
  expect(details.map((each) => [each?.email, each?.emailConfirmed])).toEqual([
    ['Ann@Example.org', false],
    ['ann@example.org', false],
    ['a<b@example.org', false],
    ['', false],
  ]);
  expect((await store.usersByEmail('ann@example.org', 5)).map(({ name }) => name)).toEqual(['eve', 'ann']);
});
