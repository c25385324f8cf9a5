import { type Accounts, type ChatLimits, chatLimits, type FileRecords, type Store, StoreError } from '@everywire/chat';
import { backUpDatabase } from './back-up-database.js';
import type { CheckpointMode } from './connection.js';
import { Eraser } from './eraser.js';
import type { CommitHealth } from './group-commit.js';
import { createInviteReads } from './invite-reads.js';
import { DEFAULT_SQLITE_STORE_LIMITS, type SqliteStoreLimits } from './limits.js';
import { createListReads } from './list-reads.js';
import { createLogReads } from './log-reads.js';
import { createMemberReads } from './member-reads.js';
import type { MigrationOutcome } from './migrate.js';
import { openStoreFile } from './open-store-file.js';
import { runChange, runMemberChange } from './run-change.js';
import { MIGRATIONS } from './schema.js';
import { openSearch } from './search/open-search.js';
import { createSqliteAccounts } from './sqlite-accounts.js';
import { createSqliteFileRecords } from './sqlite-file-records.js';
import { asStoreError, isStorageFailure } from './store-failure.js';
import { createTables } from './tables.js';

export interface SqliteStoreOptions {
  /** Where the database is, or shall be made; its directory is made as well. `file-wal`, `file-shm` and `file.lock` lie beside it. */
  readonly file: string;
  readonly chatLimits?: ChatLimits;
  readonly limits?: Partial<SqliteStoreLimits>;
  /** `thread`, unless said otherwise: checkpoints run beside the writer. `inline` spares the thread and puts them into commits. */
  readonly checkpoint?: CheckpointMode;
  /** `thread`, unless said otherwise: searches run beside the writer. `inline` spares the thread and keeps sends waiting meanwhile. */
  readonly search?: 'thread' | 'inline';
  /** Told once if the checkpoint thread ends unasked; checkpoints then run inside commits. */
  readonly onCheckpointerLost?: (reason: unknown) => void;
  /** Told each time the search thread ends unasked or is given up, or fails at a filter. Searches are `busy` until another one runs. */
  readonly onSearcherLost?: (reason: unknown) => void;
  /** Told each time something but a disk keeps texts of deleted conversations from being taken out; it is tried again. */
  readonly onEraserFailed?: (reason: unknown) => void;
}

/** All ports over one database. */
export interface SqliteStore extends Store, Accounts, FileRecords {
  /** For `/readyz`. */
  health(): CommitHealth;
  /** What opening did to the schema. */
  readonly migration: MigrationOutcome;
  /** Writes a consistent copy to a new file while the store goes on. A file that exists is replaced. */
  backUp(file: string): Promise<void>;
}

/**
 * Opens or creates a store, locks it for this process and brings its schema up to date. Throws `StoreFileError` with a stable
 * code. Reads run at once on the calling thread; writes gather into one commit a turn (see `GroupCommit`).
 */
export function createSqliteStore(options: SqliteStoreOptions): SqliteStore {
  const chat = options.chatLimits ?? chatLimits;
  const limits = { ...DEFAULT_SQLITE_STORE_LIMITS, ...options.limits };
  const opened = openStoreFile({
    file: options.file,
    limits,
    migrations: MIGRATIONS,
    checkpoint: options.checkpoint ?? 'thread',
    onCheckpointerLost: options.onCheckpointerLost ?? (() => undefined),
  });
  const { database, commits, migration } = opened;
  const tables = createTables(database, chat, {
    moves: limits,
    undo: commits.undo,
    onSearchDue: () => search.index.wake(),
    onErasureDue: (conversation) => eraser.add(conversation),
  });
  database.transaction(() => tables.listOrder.catchUp())();
  const lists = createListReads(tables, chat);
  const log = createLogReads(tables, chat);
  const people = createMemberReads(tables, chat);
  const ways = createInviteReads(tables, chat);
  let closed = false;

  const read = async <T>(work: () => T | Promise<T>): Promise<T> => {
    if (closed) throw new StoreError('busy', 'The store is closed.');
    try {
      return await work();
    } catch (error) {
      throw isStorageFailure(error) ? asStoreError(error, 'before') : error;
    }
  };
  const write = <T>(work: () => T): Promise<T> => commits.submit(work);
  const search = openSearch(opened, tables, {
    ...{ chat, limits, write, where: options.search ?? 'thread' },
    onLost: options.onSearcherLost ?? (() => undefined),
  });
  const eraser = new Eraser({
    ...{ table: tables.erasure, limits, access: { read, write }, emptyLog: () => opened.emptyLog() },
    onFailed: options.onEraserFailed ?? (() => undefined),
  });

  return {
    change: (request) => write(() => runChange(tables, chat, request)),
    changeMember: (request) => write(() => runMemberChange(tables, request)),
    list: (...question) => read(() => lists.list(...question)),
    listPage: (...question) => read(() => lists.listPage(...question)),
    entry: (...question) => read(() => lists.entry(...question)),
    page: (...question) => read(() => log.page(...question)),
    changes: (...question) => read(() => log.changes(...question)),
    messages: (...question) => read(() => log.messages(...question)),
    pins: (...question) => read(() => log.pins(...question)),
    versions: (...question) => read(() => log.versions(...question)),
    hidden: (...question) => read(() => log.hidden(...question)),
    members: (...question) => read(() => people.members(...question)),
    periods: (...question) => read(() => people.periods(...question)),
    readers: (...question) => read(() => people.readers(...question)),
    largeConversations: (user) => read(() => people.largeConversations(user)),
    invites: (...question) => read(() => ways.invites(...question)),
    invitation: (...question) => read(() => ways.invitation(...question)),
    directory: (...question) => read(() => ways.directory(...question)),
    search: (...question) => read(() => search.searcher.ask('search', question)),
    findConversations: (...question) => read(() => search.searcher.ask('findConversations', question)),
    threads: (...question) => read(() => search.searcher.ask('threads', question)),
    privacy: (user) => read(() => ways.privacy(user)),
    blockedBy: (...question) => read(() => ways.blockedBy(...question)),
    epoch: () => read(() => tables.epoch),
    ...createSqliteFileRecords(tables, { read, write }),
    ...createSqliteAccounts(database, { read, write }, chat),
    health: () => commits.health(),
    migration,
    backUp: (file) => backUpDatabase(database, file),
    close: async () => {
      closed = true;
      eraser.close();
      await search.index.close();
      await search.searcher.close();
      await opened.close();
    },
  };
}
