import { StoreError } from '@everywire/chat';
import { DatabaseError } from 'pg';
import { reasonOf } from './store-failure.js';

/**
 * Why a database cannot be opened or restored: `store_unreachable` (it does not answer or denies access),
 * `store_not_durable` (it may lose commits), `store_encoding` (not UTF-8), `store_newer` (a later version of this
 * program migrated it), `store_in_use` (nodes have it open), `store_exists` (a restore or an import would overwrite
 * data), `store_foreign` (it does not have the tables of this version), `store_incomplete` (an import is unfinished),
 * `store_differs` (the imported rows differ from the source), `store_url` (the address has a parameter that is not for
 * the operator).
 */
export type PostgresStoreErrorCode =
  | 'store_unreachable'
  | 'store_not_durable'
  | 'store_encoding'
  | 'store_newer'
  | 'store_in_use'
  | 'store_exists'
  | 'store_foreign'
  | 'store_incomplete'
  | 'store_differs'
  | 'store_url';

/** Thrown when a store could not be opened. The message says what to do and contains no secrets. */
export class PostgresStoreError extends Error {
  readonly code: PostgresStoreErrorCode;

  constructor(code: PostgresStoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PostgresStoreError';
    this.code = code;
  }
}

/**
 * Converts a failure of the database or its connection to a `PostgresStoreError`; returns any other error unchanged.
 */
export function asOpeningError(error: unknown): unknown {
  if (!(error instanceof StoreError || error instanceof DatabaseError)) return error;
  return new PostgresStoreError(
    'store_unreachable',
    `The database cannot be opened: ${reasonOf(causeOf(error))}. Look whether it runs, at the user and the password, and whether that user owns the database.`,
    { cause: error },
  );
}

/**
 * Returns the cause of a `StoreError`, because the message of the `StoreError` itself adds nothing; otherwise the
 * error.
 */
function causeOf(error: unknown): unknown {
  return error instanceof StoreError && error.cause !== undefined ? error.cause : error;
}
