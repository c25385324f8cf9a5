/**
 * The keys of all advisory locks that this store takes: locks of the database server on a number, not on a row.
 */
export const ADVISORY_LOCKS = {
  /** Held during a schema migration. */
  migrating: 7_234_001,
  /** Held by changes that depend on other accounts, such as the demotion of an administrator. */
  allAccounts: 7_234_002,
  /** Every running node holds this lock in shared mode. A node that gets it exclusively is the only running one. */
  nodes: 7_234_003,
} as const;
