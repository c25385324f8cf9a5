import type { ClientBase } from 'pg';

/**
 * Returns whether a connection is in a transaction, by its last answer. Outside of one, PostgreSQL commits each
 * statement by itself, and answers COMMIT with a mere warning.
 */
export function isInTransaction(client: ClientBase): boolean {
  // `E`: a statement has failed, and COMMIT will roll back.
  return ['T', 'E'].includes(client.getTransactionStatus() ?? '');
}
