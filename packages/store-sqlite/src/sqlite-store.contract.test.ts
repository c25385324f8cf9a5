import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '@everywire/chat';
import {
  describeAccountsContract,
  describeAdmissionContract,
  describeFileRecordsContract,
  describeStoreContract,
} from '@everywire/testkit';
import { restoreSqliteStore } from './restore-store.js';
import { createSqliteStore, type SqliteStore, type SqliteStoreOptions } from './sqlite-store.js';

interface Room {
  readonly file: (name: string) => string;
  readonly open: (name: string, options?: Partial<SqliteStoreOptions>) => SqliteStore;
  readonly dispose: () => Promise<void>;
}

/** A directory of its own and whatever was opened in it. */
function createRoom(): Room {
  const directory = mkdtempSync(join(tmpdir(), 'everywire-store-'));
  const opened: SqliteStore[] = [];
  const file = (name: string): string => join(directory, name);
  return {
    file,
    open: (name, options) => {
      const store = createSqliteStore({ file: file(name), checkpoint: 'inline', ...options });
      opened.push(store);
      return store;
    },
    dispose: async () => {
      for (const store of opened) await store.close();
      rmSync(directory, { recursive: true });
    },
  };
}

describeStoreContract('sqlite', async (chatLimits) => {
  const room = createRoom();
  const store = room.open('chat.db', { chatLimits });
  const reopen = async (): Promise<Store> => {
    await store.close();
    return room.open('chat.db', { chatLimits });
  };
  const backup = async (): Promise<() => Promise<Store>> => {
    await store.backUp(room.file('backup.db'));
    return async () => {
      restoreSqliteStore({ backup: room.file('backup.db'), file: room.file('restored.db') });
      return room.open('restored.db', { chatLimits });
    };
  };
  return { store, reopen, backup, dispose: room.dispose };
});

describeAccountsContract('sqlite', async () => {
  const room = createRoom();
  return { accounts: room.open('chat.db'), dispose: room.dispose };
});

describeAdmissionContract('sqlite', async () => {
  const room = createRoom();
  return { accounts: room.open('chat.db'), dispose: room.dispose };
});

describeFileRecordsContract('sqlite', async () => {
  const room = createRoom();
  return { store: room.open('chat.db'), dispose: room.dispose };
});
