/** Every limit of this store. The caller that opens the store can set each. */
export interface PostgresStoreLimits {
  /**
   * The most work of one search, in units of reading one message. Testing the filter of a block of messages costs 1.
   * Opening a conversation costs 5, or more if a position in it must be found. When the budget is used up, the search
   * returns the results so far and the position to continue from.
   */
  readonly searchBudget: number;
  /** The most filters built in one transaction, about 1 ms each. */
  readonly searchBlocksAtOnce: number;
  /** The delay between a block becoming full and the build of its filter, and between two builds, ms. */
  readonly searchIndexMs: number;
  /** The most rows of a deleted conversation that one commit removes. */
  readonly erasedRowsAtOnce: number;
  /** The time between two commits that erase rows, ms. */
  readonly erasePauseMs: number;
  /**
   * The time between two checks for work left behind by other nodes (filters, deleted conversations), after a failed
   * step, and between two checks of the server (`ServerEvents`), ms.
   */
  readonly lookMs: number;
  /**
   * The time between two looks of this node whether the database answers, and whether it is still the one that the node
   * has joined, ms.
   */
  readonly heartbeatMs: number;
  /** The clock difference between this machine and the database above which `onClockApart` is called, ms. */
  readonly clockApartMs: number;
  /**
   * The number of lanes: connections that run changes of conversations, many in one transaction. More lanes raise the
   * peak throughput, but at lower load their transactions have fewer changes each.
   */
  readonly lanes: number;
  /** The most connections for everything else: reads, accounts, files. */
  readonly connectionsMax: number;
}

/** The default of each limit. */
export const DEFAULT_POSTGRES_STORE_LIMITS: PostgresStoreLimits = {
  searchBudget: 20_000,
  searchBlocksAtOnce: 16,
  searchIndexMs: 20,
  erasedRowsAtOnce: 1_000,
  erasePauseMs: 20,
  lookMs: 60_000,
  heartbeatMs: 2_000,
  clockApartMs: 2_000,
  lanes: 4,
  connectionsMax: 8,
};
