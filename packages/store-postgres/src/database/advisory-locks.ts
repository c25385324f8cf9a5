/** The keys of all advisory locks that are taken in a database of ours. */
export const ADVISORY_LOCKS = {
  /** Whoever brings the tables up to date. */
  migrating: 7_234_001,
  /** Changes of accounts that concern all of them, such as the last administrator. */
  allAccounts: 7_234_002,
  /** Every node shares it as long as it lives: whoever gets it alone is the only one. */
  nodes: 7_234_003,
} as const;
