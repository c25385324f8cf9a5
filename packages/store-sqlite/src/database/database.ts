/** What a write did. */
export interface RunResult {
  /** Rows inserted, updated or deleted. */
  readonly changes: number;
  readonly lastInsertRowid: number;
}

/**
 * A prepared statement. A row is an object by the names of its columns; `raw` and `pluck` change that for good, and answer the statement.
 *
 * A BLOB is read as a `Buffer`, an INTEGER as a number (beyond 2^53 as the nearest one, unless `safeIntegers` was asked for). `undefined` and
 * booleans cannot be bound.
 */
export interface Statement<Parameters extends readonly unknown[] = unknown[], Row = unknown> {
  run(...parameters: Parameters): RunResult;
  get(...parameters: Parameters): Row | undefined;
  all(...parameters: Parameters): Row[];
  /** Row by row. Until it has come to its end, or is left, no other statement may be run. */
  iterate(...parameters: Parameters): IterableIterator<Row>;
  /** A row is the array of its columns. */
  raw(): this;
  /** A row is its first column. */
  pluck(): this;
  /** Every INTEGER is a bigint. */
  safeIntegers(): this;
}

/**
 * A connection to an SQLite database; all of it is synchronous. Its errors carry SQLite's extended result code by name, such as
 * `SQLITE_IOERR_WRITE`, as `code`.
 */
export interface Database {
  /** The file it was opened by. */
  readonly name: string;
  readonly open: boolean;
  readonly readonly: boolean;
  readonly inTransaction: boolean;
  prepare<Parameters extends readonly unknown[] = unknown[], Row = unknown>(sql: string): Statement<Parameters, Row>;
  /** Runs statements that answer nothing. */
  exec(sql: string): unknown;
  /** The rows that `PRAGMA source` gives; with `simple` the first column of the first one. */
  pragma(source: string, options?: { readonly simple?: boolean }): unknown;
  /** Idempotent. */
  close(): unknown;
}

export interface OpenOptions {
  /** False by default. A file that is not there is then refused. */
  readonly readonly?: boolean;
  /** Whether a file that is not there is refused; false by default. */
  readonly fileMustExist?: boolean;
  /** How long a statement waits for the locks of other connections, in milliseconds; 5,000 by default. */
  readonly timeout?: number;
  /** Whether statements may do what can damage the file, such as writing the schema table; false by default. */
  readonly unsafe?: boolean;
}
