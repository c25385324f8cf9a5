/** Every limit of this store: its unit and why it has that value. All can be set by whoever opens the store. */
export interface PostgresStoreLimits {
  /**
   * Work of one search, in messages looked at (a filter counts 1, a conversation 5 and more where its place is looked for). Then it answers with what
   * it has and where to go on.
   */
  readonly searchBudget: number;
  /** Filters made in one transaction, about 1 ms each. */
  readonly searchBlocksAtOnce: number;
  /** Milliseconds after a block was filled until filters are made, and between two turns of making them. */
  readonly searchIndexMs: number;
  /** Rows of a deleted conversation that one commit takes out. */
  readonly erasedRowsAtOnce: number;
  /** Milliseconds between two such commits. */
  readonly erasePauseMs: number;
  /**
   * Milliseconds between two looks for what a node that ended has left to do (filters, deleted conversations), and after one that failed; and between two
   * looks at the server (`ServerEvents`).
   */
  readonly lookMs: number;
  /** Milliseconds by which the clock of this machine and the database's may differ before `onClockApart` is told. */
  readonly clockApartMs: number;
  /** Connections that conversations are changed by: more raise the most that is done, and make smaller groups below it. */
  readonly lanes: number;
  /** Connections for all else: reads, accounts, files. */
  readonly connectionsMax: number;
}

export const DEFAULT_POSTGRES_STORE_LIMITS: PostgresStoreLimits = {
  searchBudget: 20_000,
  searchBlocksAtOnce: 16,
  searchIndexMs: 20,
  erasedRowsAtOnce: 1_000,
  erasePauseMs: 20,
  lookMs: 60_000,
  clockApartMs: 2_000,
  lanes: 4,
  connectionsMax: 8,
};
