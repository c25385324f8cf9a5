import { type AcknowledgedPosition, refuseLostStore } from './acknowledged-position.js';
import { type Checkpointer, startCheckpointer } from './checkpointer.js';
import { type CheckpointMode, checkpointInline, openSharedOrAlone } from './connection.js';
import type { Database } from './database/database.js';
import { GroupCommit } from './group-commit.js';
import type { SqliteStoreLimits } from './limits.js';
import { type Migration, type MigrationOutcome, migrate } from './migrate.js';
import { createPrivateFile, resolveStorePath } from './private-file.js';
import { asStoreFileError } from './store-file-error.js';
import { takeStoreLock } from './store-lock.js';

/** Options of `openStoreFile`. */
export interface StoreFileOptions {
  readonly file: string;
  readonly limits: SqliteStoreLimits;
  readonly migrations: readonly Migration[];
  readonly checkpoint: CheckpointMode;
  /** Called once if the checkpoint thread ends unexpectedly; commits then run checkpoints. */
  readonly onCheckpointerLost: (reason: unknown) => void;
  /** Called at each commit that finds the disk full. Default: nothing. */
  readonly onDiskFull?: () => void;
  /**
   * Called at each commit that fails for another reason than a full disk or damage, with its code. Default: nothing.
   */
  readonly onCommitFailed?: (code: string) => void;
  /** Creates a store even if a position file shows that there was one. Default: `store_missing`. */
  readonly isNew?: boolean;
  /** Compares the migrated database with the acknowledged position, and follows its commits. Default: none. */
  readonly followPosition?: (database: Database, file: string) => AcknowledgedPosition;
}

/** An open, locked, migrated database and its only writer. */
export interface StoreFile {
  readonly database: Database;
  /** `false` if a full disk has no room for the file that connections share; then no other connection can be opened. */
  readonly isShared: boolean;
  /** When the store was last written before this opening, milliseconds since the epoch; `null` if unknown. */
  readonly lastWrittenAt: number | null;
  /** Uses `now`, in milliseconds since the epoch, for the times of writes. Default: the system clock. */
  followClock(now: () => number): void;
  readonly commits: GroupCommit;
  readonly migration: MigrationOutcome;
  /** Tries a commit, so that `commits.health` is right. The caller must have made all writes of the opening before. */
  startCommits(): void;
  /**
   * Moves the whole log into the file and truncates it; resolves with false if a reader prevents it or the thread has
   * ended.
   */
  emptyLog(): Promise<boolean>;
  /** Settles waiting changes, empties the log into the file, releases the lock. Idempotent. */
  close(): Promise<void>;
  /** Closes immediately, if the store turns out to be unusable before anything was submitted. */
  abandon(): void;
}

/** Opens or creates a store's file. If this fails, throws `StoreFileError` and leaves nothing open. */
export function openStoreFile(options: StoreFileOptions): StoreFile {
  const undo: Array<() => void> = [];
  try {
    createPrivateFile(options.file);
    const file = resolveStorePath(options.file);
    const lock = takeStoreLock(file);
    undo.push(() => lock.release());
    const { database, isShared } = openSharedOrAlone(file, options.limits, options.checkpoint);
    undo.push(() => database.close());
    if (options.isNew !== true) refuseLostStore(database, file);
    const migration = migrate(database, file, options.migrations);
    const position = options.followPosition?.(database, file) ?? null;
    undo.push(() => position?.close());
    const commits = new GroupCommit(database, options.limits, {
      observer: position,
      ...(options.onDiskFull && { onDiskFull: options.onDiskFull }),
      ...(options.onCommitFailed && { onCommitFailed: options.onCommitFailed }),
    });
    const checkpointer =
      options.checkpoint === 'thread' && isShared ? checkpointBeside(file, database, commits, options) : null;
    let closing: Promise<void> | null = null;
    const close = async (): Promise<void> => {
      await commits.close();
      await checkpointer?.close();
      for (const step of undo.reverse()) step();
    };
    return {
      database,
      isShared,
      lastWrittenAt: position?.lastWrittenAt ?? null,
      followClock: (now) => position?.followClock(now),
      commits,
      migration,
      startCommits: () => {
        position?.rebase();
        commits.tryNow();
      },
      emptyLog: async () => ((await checkpointer?.empty()) ? true : emptyInline(database)),
      close: () => {
        closing ??= close();
        return closing;
      },
      abandon: () => {
        // The thread only moves the log into the file, which does not disturb the next opener.
        closing ??= Promise.all([commits.close(), checkpointer?.close()]).then(() => undefined);
        for (const step of undo.splice(0).reverse()) step();
      },
    };
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw asStoreFileError(options.file, error);
  }
}

function emptyInline(database: Database): boolean {
  if (!database.open) return false;
  const [result] = database.pragma('wal_checkpoint(TRUNCATE)') as { readonly busy: number }[];
  return result?.busy === 0;
}

function checkpointBeside(
  file: string,
  database: Database,
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
