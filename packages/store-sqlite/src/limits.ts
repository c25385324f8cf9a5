/** Limits of this store, with unit and reason. Options of the store override them. */
export interface SqliteStoreLimits {
  /** Changes in one commit. Above 256 one commit blocks its thread for more than 25 ms. */
  readonly groupChangesMax: number;
  /** Changes waiting for a commit. More are refused as `busy`, so that a slow disk cannot fill the memory. */
  readonly queuedChangesMax: number;
  /**
   * Milliseconds a commit waits for more changes if the previous one ended less than this ago; longer only adds
   * latency.
   */
  readonly gatherMs: number;
  /** With this many waiting changes, the commit begins at the end of the tick. Larger groups gain little. */
  readonly gatherChanges: number;
  /**
   * Milliseconds from a failed commit or erasure to a retry by the store itself: a server taken out of service gets no
   * writes that could succeed.
   */
  readonly retrialMs: number;
  /**
   * Milliseconds a statement waits for another program's lock (a backup tool, a shell) before it fails as `busy`.
   * Blocks the thread.
   */
  readonly busyTimeoutMs: number;
  /**
   * Milliseconds between two syncs of the position file: a loss within them may stay undetected after a power cut.
   * Commits are always synced.
   */
  readonly positionSyncMs: number;
  /** Bytes of page cache. Measured flat from 64 MiB to 256 MiB. */
  readonly cacheBytes: number;
  /** Milliseconds between two checkpoints of the checkpoint thread. */
  readonly checkpointIntervalMs: number;
  /** Pages of log between two checkpoints when they run on the writer's own thread; more pages make longer stalls. */
  readonly inlineCheckpointPages: number;
  /**
   * Moves in a user's list that are written together. More save too few pages, and each read of a list must merge them.
   */
  readonly listMovesPerUser: number;
  /**
   * Waiting moves of all users: about 200 bytes of memory each, and 0.1 s in total when the store is opened after a
   * crash.
   */
  readonly listMovesMax: number;
  /** Bytes of write-ahead log above which it is emptied while writes wait. */
  readonly logBytesMax: number;
  /** Bytes of log left to copy, at most, when writes begin to wait for it: about 20 ms of disk time. */
  readonly heldLogBytesMax: number;
  /**
   * Work of one search, in messages examined (a filter counts 2, a conversation 50 and more if its position must be
   * found, each of the user's initially 1.25): about 30 ms. Then it returns what it has and where to continue. Suffices
   * for a member of 50 conversations with some hundred thousand messages.
   */
  readonly searchBudget: number;
  /**
   * Positions, about 100 bytes each, that the search thread caches for continued searches: enough for twenty members of
   * 10,000 conversations.
   */
  readonly searchPositionsKept: number;
  /** Searches waiting for the search thread. More are refused as `busy`. */
  readonly searchesWaitingMax: number;
  /**
   * Milliseconds without an answer after which the search thread is terminated: many times a search on a slow machine.
   */
  readonly searchAnswerMs: number;
  /**
   * Bytes of memory, without the page cache, above which the search thread is terminated; a search takes a few
   * megabytes.
   */
  readonly searchMemoryBytes: number;
  /**
   * Milliseconds until the search thread is restarted after it ended twice in a row, doubled each time up to the
   * maximum.
   */
  readonly searchRestartMs: number;
  readonly searchRestartMaxMs: number;
  /** Bytes of page cache of the search thread. */
  readonly searchCacheBytes: number;
  /** Filters made in one step, about 1 ms each: the most that a search waits for. */
  readonly searchBlocksAtOnce: number;
  /** Milliseconds from a full block to its filter, and between two steps of making filters. */
  readonly searchIndexMs: number;
  /** Rows of a deleted conversation that one commit erases: about 2 ms. */
  readonly erasedRowsAtOnce: number;
  /** Milliseconds between two such commits, so that they take a tenth of the writer's time at most. */
  readonly erasePauseMs: number;
  /** Conversations checked in one step, after opening, for unfinished erasure: about 1 ms. */
  readonly eraseScanRows: number;
  /**
   * Bytes of a database up to which it is rewritten after the erasure of a deleted account, because page splits leave
   * copies in unused parts of pages: blocks writes for about half a second. In a larger one those few remain (decision
   * 0710).
   */
  readonly rewrittenBytesMax: number;
  /** Milliseconds from opening to the first check for damage. Infinity disables it. */
  readonly damageCheckDelayMs: number;
  /** Milliseconds from the end of a check for damage to the next one. */
  readonly damageCheckIntervalMs: number;
  /** Rows that one step of the check reads: about 5 ms, in which the write-ahead log cannot restart. */
  readonly damageCheckRowsAtOnce: number;
  /** Rows up to which a table is checked by SQLite in one step, some 100 ms; a larger one is read in small steps. */
  readonly damageCheckTableRowsMax: number;
  /** Pause after each step, as a multiple of its duration: with 4, the check takes a fifth of a core. */
  readonly damageCheckPauses: number;
  /**
   * Bytes of the write-ahead log's file after it was emptied. Overwriting is a fifth cheaper per commit than extending.
   */
  readonly logBytesKept: number;
}

/** Holds the default limits. */
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
