/** The limits of this store. The options of the store can override each of them. */
export interface SqliteStoreLimits {
  /** The most changes in one commit. With more than 256, a commit blocks its thread for more than 25 ms. */
  readonly groupChangesMax: number;
  /**
   * The most changes that wait for a commit. Further ones are refused as `busy`, so that a slow disk cannot fill the
   * memory.
   */
  readonly queuedChangesMax: number;
  /**
   * How long a commit waits for more changes if the previous commit ended less than this time ago, ms. A longer time
   * only adds latency.
   */
  readonly gatherMs: number;
  /** With this many waiting changes, a commit waits no longer and begins at the end of the tick. */
  readonly gatherChanges: number;
  /**
   * Time from a failed commit or erasure to a retry by the store itself, ms. The store must retry, because a server
   * that reports a failed commit may be taken out of service and then gets no writes.
   */
  readonly retrialMs: number;
  /**
   * How long a statement waits for the lock of another program (a backup tool, a shell) before it fails as `busy`, ms.
   * The wait blocks the thread.
   */
  readonly busyTimeoutMs: number;
  /**
   * Time between two syncs of the position file (`AcknowledgedPosition`), ms. After a power cut, a loss of commits
   * within this time may stay undetected. Commits themselves are always synced.
   */
  readonly positionSyncMs: number;
  /** The size of the page cache, bytes. Measurements showed no difference from 64 MiB to 256 MiB. */
  readonly cacheBytes: number;
  /** Time between two checkpoints of the checkpoint thread (copies of the write-ahead log into the database), ms. */
  readonly checkpointIntervalMs: number;
  /**
   * Pages of log between two checkpoints that run on the writer's own thread. More pages block the writer for longer.
   */
  readonly inlineCheckpointPages: number;
  /**
   * Moves in one user's list that are written together (`PendingListMoves`). More moves would hardly save more pages,
   * and each read of the list must merge the waiting moves.
   */
  readonly listMovesPerUser: number;
  /**
   * The most waiting moves of all users. Each takes about 200 bytes of memory; all of them take 0.1 s when the store is
   * opened after a crash.
   */
  readonly listMovesMax: number;
  /** The size of the write-ahead log above which the log is emptied while writes wait, bytes. */
  readonly logBytesMax: number;
  /** The most bytes of the log that are left to copy when writes begin to wait: about 20 ms of disk time. */
  readonly heldLogBytesMax: number;
  /**
   * The most work of one search, in units of examining one message: about 30 ms. At the start, each conversation of the
   * user counts 1.25. A filter of a block of messages counts 2. Opening a conversation counts 50, or more if a position
   * in it must be found. When the budget is used up, the search returns the results so far and the position to continue
   * from. The default suffices for a member of 50 conversations with some hundred thousand messages.
   */
  readonly searchBudget: number;
  /**
   * The most positions (about 100 bytes each) that the search thread caches for searches that continue: enough for
   * twenty members of 10,000 conversations.
   */
  readonly searchPositionsKept: number;
  /** The most searches that wait for the search thread. Further ones are refused as `busy`. */
  readonly searchesWaitingMax: number;
  /**
   * Time without an answer after which the search thread is terminated, ms: many times as long as a search on a slow
   * machine.
   */
  readonly searchAnswerMs: number;
  /**
   * The memory without the page cache above which the search thread is terminated, bytes. A search takes a few
   * megabytes.
   */
  readonly searchMemoryBytes: number;
  /**
   * Time to the restart of the search thread after it ended twice in a row, ms. The time doubles with each further end,
   * up to the maximum.
   */
  readonly searchRestartMs: number;
  readonly searchRestartMaxMs: number;
  /** The size of the page cache of the search thread, bytes. */
  readonly searchCacheBytes: number;
  /** The most search filters that are built in one step, about 1 ms each. A search may have to wait for one step. */
  readonly searchBlocksAtOnce: number;
  /** Time from the message that fills a block to the build of its filter, and between two steps of building, ms. */
  readonly searchIndexMs: number;
  /** The most rows of a deleted conversation that one commit erases: about 2 ms. */
  readonly erasedRowsAtOnce: number;
  /** Time between two commits that erase rows, ms, so that they take at most a tenth of the writer's time. */
  readonly erasePauseMs: number;
  /** The number of conversations that one step checks for unfinished erasure after the opening: about 1 ms. */
  readonly eraseScanRows: number;
  /**
   * The size up to which the database file is rewritten after the erasure of a deleted account, bytes. Page splits
   * leave copies of rows in unused parts of pages, which only a rewrite removes. It blocks writes for about half a
   * second, so in a larger database these few copies remain (decision 0710).
   */
  readonly rewrittenBytesMax: number;
  /** Time from the opening to the first check for damage, ms. `Infinity` disables the checks. */
  readonly damageCheckDelayMs: number;
  /** Time from the end of a check for damage to the next one, ms. */
  readonly damageCheckIntervalMs: number;
  /** The number of rows that one step of the check reads: about 5 ms, in which the write-ahead log cannot restart. */
  readonly damageCheckRowsAtOnce: number;
  /** The most rows of a table that SQLite checks in one step, some 100 ms. A larger table is read in small steps. */
  readonly damageCheckTableRowsMax: number;
  /**
   * The pause after each step of the check, as a multiple of the step's duration: with 4, the check takes a fifth of a
   * core.
   */
  readonly damageCheckPauses: number;
  /**
   * The size to which the file of the write-ahead log is cut after the log was emptied, bytes. The file is kept,
   * because a commit that overwrites it is a fifth cheaper than one that extends it.
   */
  readonly logBytesKept: number;
}

/** The default of each limit. */
export const DEFAULT_SQLITE_STORE_LIMITS: SqliteStoreLimits = {
  groupChangesMax: 256,
  queuedChangesMax: 20_000,
  gatherMs: 1,
  gatherChanges: 32,
  retrialMs: 5_000,
  busyTimeoutMs: 1_000,
  positionSyncMs: 1_000,
  cacheBytes: 64 * 1024 * 1024,
  checkpointIntervalMs: 500,
  inlineCheckpointPages: 1_000,
  listMovesPerUser: 16,
  listMovesMax: 32_768,
  logBytesMax: 256 * 1024 * 1024,
  heldLogBytesMax: 4 * 1024 * 1024,
  searchBudget: 20_000,
  searchPositionsKept: 200_000,
  searchesWaitingMax: 100,
  searchAnswerMs: 15_000,
  searchMemoryBytes: 256 * 1024 * 1024,
  searchRestartMs: 250,
  searchRestartMaxMs: 30_000,
  searchCacheBytes: 32 * 1024 * 1024,
  searchBlocksAtOnce: 16,
  searchIndexMs: 20,
  erasedRowsAtOnce: 128,
  erasePauseMs: 20,
  eraseScanRows: 1_000,
  rewrittenBytesMax: 64 * 1024 * 1024,
  damageCheckDelayMs: 2_000,
  damageCheckIntervalMs: 24 * 60 * 60 * 1_000,
  damageCheckRowsAtOnce: 1_000,
  damageCheckTableRowsMax: 50_000,
  damageCheckPauses: 4,
  logBytesKept: 256 * 1024 * 1024,
};
