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
  /** Milliseconds between two looks for what a node that ended has left to make, and after a turn that failed. */
  readonly searchIndexPollMs: number;
}

export const DEFAULT_POSTGRES_STORE_LIMITS: PostgresStoreLimits = {
  searchBudget: 20_000,
  searchBlocksAtOnce: 16,
  searchIndexMs: 20,
  searchIndexPollMs: 60_000,
};
