/**
 * Why a database cannot be opened or renewed: `not_durable` (its commits may be lost), `wrong_encoding`, `schema_newer` (a later version of this program has
 * been there), `in_use` (nodes have it open).
 */
export type PostgresStoreErrorCode = 'not_durable' | 'wrong_encoding' | 'schema_newer' | 'in_use';

/** Thrown where nothing was opened. The message says what to do; it has no secrets. */
export class PostgresStoreError extends Error {
  readonly code: PostgresStoreErrorCode;

  constructor(code: PostgresStoreErrorCode, message: string) {
    super(message);
    this.name = 'PostgresStoreError';
    this.code = code;
  }
}
