/** Every limit of this store: its unit and why it has that value. All can be set by whoever opens the store. */
export interface SqliteStoreLimits {
  /** Changes in one commit. Above 256 one commit blocks its thread for more than 25 ms. */
  readonly groupChangesMax: number;
  /** Changes waiting for a commit. More are refused as `busy`, so that a slow disk cannot fill the memory. */
  readonly queuedChangesMax: number;
  /** Milliseconds a commit waits for company when the one before ended less than this ago; longer only adds latency. */
  readonly gatherMs: number;
  /** Changes that are company enough: with so many waiting, the commit begins at the end of the turn. Larger groups gain little. */
  readonly gatherChanges: number;
  /** Milliseconds from a failed commit to a trial of its own, and of an erasure: a server that is taken out of service gets no writes that could succeed. */
  readonly retrialMs: number;
  /** Milliseconds a statement waits for another program's lock (a backup tool, a shell) before it is `busy`. It blocks its thread. */
  readonly busyTimeoutMs: number;
  /** Milliseconds between two syncs of the position file: what a power cut may leave unnoticed of a loss. Commits are synced themselves. */
  readonly positionSyncMs: number;
  /** Bytes of page cache. Measured flat from 64 MiB to 256 MiB. */
  readonly cacheBytes: number;
  /** Milliseconds between two checkpoints of the checkpoint thread. */
  readonly checkpointIntervalMs: number;
  /** Pages of log between two checkpoints when they run on the writer's own thread; more pages make longer stalls. */
  readonly inlineCheckpointPages: number;
  /** Moves in a user's list that are written together. More spare no pages worth it, and each list that is read sorts them in. */
  readonly listMovesPerUser: number;
  /** Moves that wait, of all users: about 200 bytes of memory each, and a tenth of a second for all when the store is opened after a crash. */
  readonly listMovesMax: number;
  /** Bytes of write-ahead log above which it is emptied while writes wait. */
  readonly logBytesMax: number;
  /** Bytes of log that may be left to copy when writes begin to wait for it: about 20 ms of the disk. */
  readonly heldLogBytesMax: number;
  /**
   * Work of one search, in messages looked at (a filter counts 2, a conversation 50 and more where its place is looked for, each of the user's at first 1.25): about 30 ms. Then it answers with what it has
   * and where to go on. Holds all that a member of 50 conversations with some hundred thousand messages has.
   */
  readonly searchBudget: number;
  /** Conversations and hits, about 100 bytes each, that the search thread remembers for searches that go on: twenty of members of 10,000 conversations. */
  readonly searchPositionsKept: number;
  /** Searches waiting for the search thread. More are refused as `busy`. */
  readonly searchesWaitingMax: number;
  /** Milliseconds until the search thread is given up when it answers nothing: many times what a search takes on a slow machine. */
  readonly searchAnswerMs: number;
  /** Bytes of memory beside the page cache that the search thread may take before it is ended; a search takes a few megabytes. */
  readonly searchMemoryBytes: number;
  /** Milliseconds until another search thread is started after the second one in a row ended, doubled each time up to the other. */
  readonly searchRestartMs: number;
  readonly searchRestartMaxMs: number;
  /** Bytes of page cache of the search thread. */
  readonly searchCacheBytes: number;
  /** Filters made at once, about 1 ms each: a search waits for no more than those. */
  readonly searchBlocksAtOnce: number;
  /** Milliseconds after a block was filled until filters are made, and between two turns of making them. */
  readonly searchIndexMs: number;
  /** Rows of a deleted conversation that one commit takes out: about 2 ms. */
  readonly erasedRowsAtOnce: number;
  /** Milliseconds between two such commits, so that they take a tenth of the writer's time at most. */
  readonly erasePauseMs: number;
  /** Conversations looked at together, after the store was opened, for what a process that ended had left to do: about 1 ms. */
  readonly eraseScanRows: number;
  /**
   * Bytes of a database up to which it is written anew once a deleted account is taken out, because page splits leave copies in unused parts of pages: about half a
   * second, in which nothing else is written. Of a larger one those few stay (decision 0710).
   */
  readonly rewrittenBytesMax: number;
  /** Milliseconds from opening to the first check for damage. Infinite: there is none. */
  readonly damageCheckDelayMs: number;
  /** Milliseconds from the end of a check for damage to the next one. */
  readonly damageCheckIntervalMs: number;
  /** Rows that one step of the check reads: about 5 ms, in which the write-ahead log cannot start anew. */
  readonly damageCheckRowsAtOnce: number;
  /** Rows up to which a table is checked by SQLite in one step, some 100 ms; a larger one is read in small steps. */
  readonly damageCheckTableRowsMax: number;
  /** How many times as long as a step the check rests after it: with 4 it takes a fifth of a core. */
  readonly damageCheckPauses: number;
  /** Bytes the write-ahead log's file keeps once it has been emptied. Writing over it costs a fifth less of a commit than making it longer. */
  readonly logBytesKept: number;
}

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
