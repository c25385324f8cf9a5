import { StoreError } from '@everywire/chat';
import { DatabaseError } from 'pg';

/**
 * The SQLSTATE classes of data that cannot be read: `XX` (damaged rows, pages, indexes and out-of-line values) and `58`
 * (the disk fails, or a file is missing).
 */
const UNREADABLE = /^(XX|58)/;

/** Returns PostgreSQL's message when it cannot read a part of the data. @throws any other error */
export function unreadableOf(error: unknown): string {
  const cause = error instanceof StoreError ? error.cause : error;
  if (!(cause instanceof DatabaseError) || !UNREADABLE.test(cause.code ?? '')) throw error;
  return cause.message;
}
