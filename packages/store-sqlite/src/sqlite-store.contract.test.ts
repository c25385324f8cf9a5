import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '@everywire/chat';
import {
  CommitGate,
  type CreateStore,
  describeAccountsContract,
  describeAdmissionContract,
  describeCredentialsContract,
  describeDepartingContract,
  describeFileRecordsContract,
  describeStoreContract,
  describeStoreOpeningSeeds,
  describeStoreSearchContract,
  holdBefore,
  type StoreOpening,
  turnOfTheLoop,
} from '@everywire/testkit';
import { describe } from 'vitest';
import { restoreSqliteStore } from './restore-store.js';
import { createSqliteStore, type SqliteStore, type SqliteStoreOptions } from './sqlite-store.js';

// Runs the contracts that all stores keep for the store in SQLite. An opening is one process (server node) that uses a
// store.

/** A directory for the files of one store. */
interface Room {
  readonly file: (name: string) => string;
  readonly open: (name: string, options?: Partial<SqliteStoreOptions>) => SqliteStore;
  /** Bytes of the database and its log. */
  readonly bytes: (name: string) => string;
  readonly dispose: () => Promise<void>;
}

/** A separate directory and the stores opened in it. */
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
    bytes: (name) =>
      [file(name), `${file(name)}-wal`].map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : '')).join(''),
    dispose: async () => {
      for (const store of opened) await store.close();
      rmSync(directory, { recursive: true });
    },
  };
}

function seeds(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** Small blocks, so that filters are made during a test; a small budget ends many answers early. */
const searching = { searchIndexMs: 0, searchBudget: 300, erasePauseMs: 0 };

/** No state is cached, so each query determines all positions again. */
describe('searching inline, no position kept', () => describeStoreContract('sqlite', createWith('inline', 0)));

describeStoreOpeningSeeds('sqlite', createWith('inline', 0), seeds(1, 20));

describe('further seeds', { tags: ['wide'] }, () =>
  describeStoreOpeningSeeds('sqlite', createWith('inline', 0), seeds(21, 200)),
);

/** The shipped configuration, which starts a thread for each test. */
describe('searching in a thread, 200,000 positions kept', { tags: ['wide'] }, () =>
  describeStoreSearchContract('sqlite', createWith('thread', 200_000)),
);

function createWith(search: 'inline' | 'thread', searchPositionsKept: number): CreateStore {
  return async (chatLimits) => {
    const options = { limits: { ...searching, searchPositionsKept }, chatLimits, search };
    const room = createRoom();
    const store = room.open('chat.db', options);
    const reopen = async (): Promise<Store> => {
      await store.close();
      return room.open('chat.db', options);
    };
    const backup = async (): Promise<() => Promise<Store>> => {
      await store.backUp(room.file('backup.db'));
      return async () => {
        restoreSqliteStore({ backup: room.file('backup.db'), file: room.file('restored.db') });
        return room.open('restored.db', options);
      };
    };
    const kept = (): string => room.bytes('chat.db');
    // No second process can open the file, so the other openings share this store, each with its own gate before the
    // writer.
    const another = async (): Promise<StoreOpening> => {
      const gate = new CommitGate();
      const opening = holdBefore(store, gate);
      return { store: opening, accounts: opening, gate, rest: turnOfTheLoop };
    };
    return { store, accounts: store, reopen, another, backup, kept, dispose: room.dispose };
  };
}

describeAccountsContract('sqlite', async () => {
  const room = createRoom();
  return { accounts: room.open('chat.db'), dispose: room.dispose };
});

describeAdmissionContract('sqlite', async () => {
  const room = createRoom();
  return { accounts: room.open('chat.db'), dispose: room.dispose };
});

describeCredentialsContract('sqlite', async (chatLimits) => {
  const room = createRoom();
  return { accounts: room.open('chat.db', { chatLimits }), dispose: room.dispose };
});

describeDepartingContract('sqlite', async () => {
  const room = createRoom();
  return { accounts: room.open('chat.db'), dispose: room.dispose };
});

describeFileRecordsContract('sqlite', async () => {
  const room = createRoom();
  return { store: room.open('chat.db'), dispose: room.dispose };
});
