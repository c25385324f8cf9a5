import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqliteStore } from '@everywire/store-sqlite';
import { afterAll, expect, test } from 'vitest';
import { openAttachments } from './attachments.js';
import { readConfig } from './read-config.js';

const directory = mkdtempSync(join(tmpdir(), 'everywire-files-'));
const mount = join(directory, 'mount');
const store = createSqliteStore({ file: join(directory, 'everywire.sqlite') });
const config = readConfig({ EVERYWIRE_FILES: mount });

afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

test('a shared directory of files must be mounted, and an empty one is accepted only at the first start', async () => {
  mkdirSync(mount);
  await openAttachments(config, store);
  await openAttachments(config, store);
  rmSync(join(mount, 'files'), { recursive: true });
  await expect(openAttachments(config, store)).rejects.toThrow(`create an empty ${join(mount, 'files')}`);
  mkdirSync(join(mount, 'files'));
  await openAttachments(config, store);
  rmSync(mount, { recursive: true });
  await expect(openAttachments(config, store)).rejects.toThrow('which does not exist');
});
