import { StoreError } from '@everywire/chat';
import { DatabaseError } from 'pg';
import { reasonOf } from '../database/store-failure.js';

/**
 * Why a database cannot be opened or renewed: `store_unreachable` (it does not answer, or does not let us in), `store_not_durable` (its commits may be
 * lost), `store_encoding`, `store_newer` (a later version of this program has been there), `store_in_use` (nodes have it open), `store_exists` (a
 * restore or a move would replace something), `store_incomplete` (a move to it has not come to its end), `store_differs` (what was moved is not what is
 * there).
 */
export type PostgresStoreErrorCode =
  | 'store_unreachable'
  | 'store_not_durable'
  | 'store_encoding'
  | 'store_newer'
  | 'store_in_use'
  | 'store_exists'
  | 'store_incomplete'
  | 'store_differs';

/** Thrown where nothing was opened. The message says what to do; it has no secrets. */
export class PostgresStoreError extends Error {
  readonly code: PostgresStoreErrorCode;

  constructor(code: PostgresStoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PostgresStoreError';
    this.code = code;
  }
}

/** Says of what the database or the way to it has failed that it cannot be opened. All else is somebody else's. */
export function asOpeningError(error: unknown): unknown {
  if (!(error instanceof StoreError || error instanceof DatabaseError)) return error;
  return new PostgresStoreError(
    'store_unreachable',
    `The database cannot be opened: ${reasonOf(causeOf(error))}. Look whether it runs, at the user and the password, and whether that user owns the database.`,
    { cause: error },
  );
}

/** The port's own words say when it was, which is plain here. */
function causeOf(error: unknown): unknown {
  return error instanceof StoreError && error.cause !== undefined ? error.cause : error;
}
