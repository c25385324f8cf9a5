import type Database from 'better-sqlite3';
import { type Checkpointer, startCheckpointer } from './checkpointer.js';
import { type CheckpointMode, checkpointInline, openConnection } from './connection.js';
import { GroupCommit } from './group-commit.js';
import type { SqliteStoreLimits } from './limits.js';
import { type Migration, type MigrationOutcome, migrate } from './migrate.js';
import { createPrivateFile, resolveStorePath } from './private-file.js';
import { asStoreFileError } from './store-file-error.js';
import { takeStoreLock } from './store-lock.js';

export interface StoreFileOptions {
  readonly file: string;
  readonly limits: SqliteStoreLimits;
  readonly migrations: readonly Migration[];
  readonly checkpoint: CheckpointMode;
  /** Told once if the checkpoint thread ends unasked; the store goes on, with checkpoints inside its commits. */
  readonly onCheckpointerLost: (reason: unknown) => void;
}

/** An open, locked, migrated database and its only writer. */
export interface StoreFile {
  readonly database: Database.Database;
  readonly commits: GroupCommit;
  readonly migration: MigrationOutcome;
  /** Moves the whole log into the file and cuts it off; false where a reader or the thread's end keeps it from that. */
  emptyLog(): Promise<boolean>;
  /** Settles waiting changes, empties the log into the file, gives up the lock. Idempotent. */
  close(): Promise<void>;
}

/** Opens or creates a store's file. Throws `StoreFileError` and leaves nothing open. */
export function openStoreFile(options: StoreFileOptions): StoreFile {
  const undo: Array<() => void> = [];
  try {
    createPrivateFile(options.file);
    const file = resolveStorePath(options.file);
    const lock = takeStoreLock(file);
    undo.push(() => lock.release());
    const database = openConnection(file, options.limits, options.checkpoint);
    undo.push(() => database.close());
    const migration = migrate(database, file, options.migrations);
    const commits = new GroupCommit(database, options.limits);
    const checkpointer = options.checkpoint === 'thread' ? checkpointBeside(file, database, commits, options) : null;
    let closing: Promise<void> | null = null;
    const close = async (): Promise<void> => {
      await commits.close();
      await checkpointer?.close();
      for (const step of undo.reverse()) step();
    };
    return {
      database,
      commits,
      migration,
      emptyLog: async () => ((await checkpointer?.empty()) ? true : emptyInline(database)),
      close: () => {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw asStoreFileError(options.file, error);
  }
}

function emptyInline(database: Database.Database): boolean {
  if (!database.open) return false;
  const [result] = database.pragma('wal_checkpoint(TRUNCATE)') as { readonly busy: number }[];
  return result?.busy === 0;
}

function checkpointBeside(
  file: string,
  database: Database.Database,
  commits: GroupCommit,
  { limits, onCheckpointerLost }: StoreFileOptions,
): Checkpointer {
  const pageBytes = Number(database.pragma('page_size', { simple: true }));
  return startCheckpointer(file, pageBytes, limits, {
    hold: () => commits.hold(),
    resume: () => commits.resume(),
    lost: (reason) => {
      if (database.open) checkpointInline(database, limits.inlineCheckpointPages);
      onCheckpointerLost(reason);
    },
  });
}
