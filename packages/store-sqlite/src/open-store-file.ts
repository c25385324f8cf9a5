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

export interface StoreFileOptions {
  readonly file: string;
  readonly limits: SqliteStoreLimits;
  readonly migrations: readonly Migration[];
  readonly checkpoint: CheckpointMode;
  /** Told once if the checkpoint thread ends unasked; the store goes on, with checkpoints inside its commits. */
  readonly onCheckpointerLost: (reason: unknown) => void;
  /** Called at each commit that finds the disk full. Default: nothing. */
  readonly onDiskFull?: () => void;
  /** Called at each commit that fails for another reason than a full disk or damage, with its code. Default: nothing. */
  readonly onCommitFailed?: (code: string) => void;
  /** Makes a store also where a position file says that there was one. Default: `store_missing`. */
  readonly isNew?: boolean;
  /** Compares the migrated database with what was acknowledged, and follows its commits from then on. Default: nothing does. */
  readonly followPosition?: (database: Database, file: string) => AcknowledgedPosition;
}

/** An open, locked, migrated database and its only writer. */
export interface StoreFile {
  readonly database: Database;
  /** False where a full disk left no room for the memory that connections share: then no other one can be opened beside it. */
  readonly isShared: boolean;
  /** Before this opening, milliseconds since the epoch; `null` where nothing says it. */
  readonly lastWrittenAt: number | null;
  /** Takes the times of writes from `now`, milliseconds since the epoch. Default: the system clock. */
  followClock(now: () => number): void;
  readonly commits: GroupCommit;
  readonly migration: MigrationOutcome;
  /** To be called once all is written that opening writes by itself: tries a commit, so that `commits.health` is right. */
  startCommits(): void;
  /** Moves the whole log into the file and cuts it off; false where a reader or the thread's end keeps it from that. */
  emptyLog(): Promise<boolean>;
  /** Settles waiting changes, empties the log into the file, gives up the lock. Idempotent. */
  close(): Promise<void>;
  /** Closes at once what opening has opened, where the store turns out to be unusable before anything was submitted. */
  abandon(): void;
}

/** Opens or creates a store's file. Throws `StoreFileError` and leaves nothing open. */
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
      witness: position,
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
        // The thread ends by itself; it only moves the log into the file, which hinders nobody who opens the store next.
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
