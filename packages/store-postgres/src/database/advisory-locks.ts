/** The keys of all advisory locks that this store takes. */
export const ADVISORY_LOCKS = {
  /** Held during a schema migration. */
  migrating: 7_234_001,
  /** Held by changes that are checked across accounts, such as the demotion of an administrator. */
  allAccounts: 7_234_002,
  /** Held shared by every node while it runs: a node that gets it exclusively is the only one. */
  nodes: 7_234_003,
} as const;
