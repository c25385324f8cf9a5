import {
  type Accounts,
  type ChatLimits,
  type CommitHealth,
  chatLimits,
  type FileRecords,
  type Store,
  StoreError,
} from '@everywire/chat';
import { type AcknowledgedLoss, AcknowledgedPosition } from './acknowledged-position.js';
import type { CheckpointMode } from './connection.js';
import { copyInThread } from './copy-in-thread.js';
import type { Damage } from './damage/damage.js';
import { DamageCheck, type DamageCheckEvents } from './damage/damage-check.js';
import { DamageLog } from './damage/damage-log.js';
import { readLostMessages } from './damage/lost-messages.js';
import { AvoidableDamage } from './damaged-lists.js';
import { inTransaction } from './database/transaction.js';
import { createDepartures } from './departures.js';
import { Eraser } from './eraser.js';
import { createInviteReads } from './invite-reads.js';
import { DEFAULT_SQLITE_STORE_LIMITS, type SqliteStoreLimits } from './limits.js';
import { createListReads } from './list-reads.js';
import { createLogReads } from './log-reads.js';
import { createMemberReads } from './member-reads.js';
import type { MigrationOutcome } from './migrate.js';
import { openStoreFile, type StoreFile } from './open-store-file.js';
import { runChange, runMemberChange } from './run-change.js';
import { MIGRATIONS } from './schema.js';
import { openSearch } from './search/open-search.js';
import { createSqliteAccounts } from './sqlite-accounts.js';
import { createSqliteFileRecords } from './sqlite-file-records.js';
import { asStoreError, isStorageFailure } from './store-failure.js';
import { asStoreFileError } from './store-file-error.js';
import { createTables, type Tables } from './tables.js';

/** Options of `createSqliteStore`. */
export interface SqliteStoreOptions {
  /**
   * Path of the database, created if needed with its directory. `file-wal`, `file-shm`, `file.lock` and `file.position`
   * are next to it.
   */
  readonly file: string;
  /** Creates a store even if `file.position` shows that one was lost; otherwise that is refused (`store_missing`). */
  readonly isNew?: boolean;
  readonly chatLimits?: ChatLimits;
  readonly limits?: Partial<SqliteStoreLimits>;
  /** Default `thread`: checkpoints run next to the writer. `inline` saves the thread but delays commits. */
  readonly checkpoint?: CheckpointMode;
  /** Default `thread`: searches run next to the writer. `inline` saves the thread but delays sends. */
  readonly search?: 'thread' | 'inline';
  /** Called once if the checkpoint thread ends unexpectedly; commits then run checkpoints. */
  readonly onCheckpointerLost?: (reason: unknown) => void;
  /**
   * Called each time the search thread ends unexpectedly, is terminated, or fails at a filter. Searches are `busy`
   * until it is restarted.
   */
  readonly onSearcherLost?: (reason: unknown) => void;
  /** Called once for each damaged part of the store, found by a read, a write or the background check. */
  readonly onDamage?: (damage: Damage) => void;
  /** Called when a check for damage finished, with its duration and that of its longest step, in milliseconds. */
  readonly onDamageChecked?: DamageCheckEvents['done'];
  /** Called when a check for damage failed for a reason other than damage; the next one runs on schedule. */
  readonly onDamageCheckFailed?: (reason: unknown) => void;
  /** Called each time erasing deleted conversations fails for a reason other than the disk; it is retried. */
  readonly onEraserFailed?: (reason: unknown) => void;
  /** Called at each commit that finds the disk full; `health` says when one succeeds again. */
  readonly onDiskFull?: () => void;
  /**
   * Called at each commit that fails for another reason than a full disk or damage, with the code of SQLite or of the
   * system, for example `SQLITE_IOERR_WRITE`.
   */
  readonly onCommitFailed?: (code: string) => void;
  /**
   * Called while opening where acknowledged changes are missing (`AcknowledgedPosition`); the store then gets a new
   * epoch.
   */
  readonly onAcknowledgedLost?: (loss: AcknowledgedLoss) => void;
}

/** All ports over one database. */
export interface SqliteStore extends Store, Accounts, FileRecords {
  /** For `/readyz`. */
  health(): CommitHealth;
  /** Damage found since the store was opened, at most 1,000 parts. Empty for a healthy store. */
  damage(): readonly Damage[];
  /** The schema change that opening made. */
  readonly migration: MigrationOutcome;
  /**
   * When the store was last closed or committed to before this opening, milliseconds since the epoch; `null` if
   * unknown.
   */
  readonly lastWrittenAt: number | null;
  /**
   * Uses `now`, in milliseconds since the epoch, for `lastWrittenAt` of the next opening. Default: the system clock,
   * which may jump.
   */
  followClock(now: () => number): void;
  /**
   * Writes a consistent copy to `file` like `copySqliteStore`, in a thread, without blocking the store. Replaces an
   * existing file. Throws `StoreFileError`, including `store_in_use` while a full disk allows no second connection.
   */
  backUp(file: string): Promise<void>;
}

/**
 * Opens or creates a store, locks it for this process and migrates its schema. Throws `StoreFileError` with a stable
 * code. Reads run synchronously on the calling thread; writes are batched into one commit per tick (see `GroupCommit`).
 */
export function createSqliteStore(options: SqliteStoreOptions): SqliteStore {
  const chat = options.chatLimits ?? chatLimits;
  const limits = { ...DEFAULT_SQLITE_STORE_LIMITS, ...options.limits };
  const opened = openStoreFile({
    file: options.file,
    isNew: options.isNew ?? false,
    ...(options.onDiskFull && { onDiskFull: options.onDiskFull }),
    ...(options.onCommitFailed && { onCommitFailed: options.onCommitFailed }),
    limits,
    migrations: MIGRATIONS,
    checkpoint: options.checkpoint ?? 'thread',
    onCheckpointerLost: options.onCheckpointerLost ?? (() => undefined),
    followPosition: (opening, file) =>
      new AcknowledgedPosition(opening, file, {
        syncMs: limits.positionSyncMs,
        onLost: options.onAcknowledgedLost ?? (() => undefined),
      }),
  });
  try {
    return serveStore(opened, options, chat, limits);
  } catch (error) {
    opened.abandon();
    throw asStoreFileError(options.file, error);
  }
}

/** Creates the ports over an open file. Throws only before anything is started that would have to be stopped. */
function serveStore(
  opened: StoreFile,
  options: SqliteStoreOptions,
  chat: ChatLimits,
  limits: SqliteStoreLimits,
): SqliteStore {
  const { database, commits, migration } = opened;
  const damage = new DamageLog(options.onDamage ?? (() => undefined), readLostMessages(database));
  const tables = createTables(database, chat, {
    moves: limits,
    undo: commits.undo,
    damage,
    onSearchDue: () => search.index.wake(),
    onErasureDue: (conversation) => eraser.add(conversation),
  });
  catchUpLists(opened, tables);
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
      damage.noteError(error);
      throw isStorageFailure(error) ? asStoreError(error, 'before') : error;
    }
  };
  const write = <T>(work: () => T): Promise<T> =>
    commits.submit(work).then(undefined, (error: unknown) => {
      damage.noteError(error);
      throw error;
    });
  const search = openSearch(opened, tables, {
    chat,
    limits,
    write,
    where: opened.isShared ? (options.search ?? 'thread') : 'inline',
    onLost: options.onSearcherLost ?? (() => undefined),
  });
  const eraser = new Eraser({
    table: tables.erasure,
    limits,
    access: { read, write },
    emptyLog: () => opened.emptyLog(),
    onFailed: options.onEraserFailed ?? (() => undefined),
  });
  const check = new DamageCheck(database.name, limits, {
    damage: (found) => damage.note(found),
    done: options.onDamageChecked ?? (() => undefined),
    failed: options.onDamageCheckFailed ?? (() => undefined),
  });
  opened.startCommits();

  return {
    limits: chat,
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
    acquaintances: (...question) => read(() => people.acquaintances(...question)),
    invites: (...question) => read(() => ways.invites(...question)),
    invitation: (...question) => read(() => ways.invitation(...question)),
    directory: (...question) => read(() => ways.directory(...question)),
    search: (...question) => read(() => search.searcher.ask('search', question)),
    findConversations: (...question) => read(() => search.searcher.ask('findConversations', question)),
    threads: (...question) => read(() => search.searcher.ask('threads', question)),
    privacy: (user) => read(() => ways.privacy(user)),
    blockedBy: (...question) => read(() => ways.blockedBy(...question)),
    epoch: () => read(() => tables.epoch),
    ...createDepartures(database, tables, {
      read,
      write,
      limits,
      isErasing: () => !eraser.isIdle,
      emptyLog: () => opened.emptyLog(),
    }),
    ...createSqliteFileRecords(tables, { read, write }),
    ...createSqliteAccounts(database, { read, write }, { limits: chat, searcher: search.searcher }),
    health: () => commits.health(),
    damage: () => damage.found,
    migration,
    lastWrittenAt: opened.lastWrittenAt,
    followClock: (now) => opened.followClock(now),
    backUp: (file) => copyInThread(database.name, file),
    close: async () => {
      closed = true;
      eraser.close();
      await check.close();
      await search.index.close();
      await search.searcher.close();
      await opened.close();
    },
  };
}

/**
 * Applies waiting list moves, except to unwritable lists, which are derived from other tables. On a full disk the first
 * change does it; `health` reports that the initial commit failed. Throws if what the lists need is damaged.
 */
function catchUpLists(opened: StoreFile, { listOrder }: Pick<Tables, 'listOrder'>): void {
  const { database, commits } = opened;
  try {
    inTransaction(database, () => listOrder.catchUp());
    commits.undo.keep();
  } catch (error) {
    commits.undo.undoTo(0);
    if (error instanceof AvoidableDamage) {
      listOrder.probe();
      catchUpLists(opened, { listOrder });
      return;
    }
    if (asStoreError(error, 'before').code === 'full') return;
    throw error;
  }
}
