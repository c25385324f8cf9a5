/** The result of a write. */
export interface RunResult {
  /** Rows inserted, updated or deleted. */
  readonly changes: number;
  readonly lastInsertRowid: number;
}

/**
 * A prepared statement. A row is an object by column name; `raw` and `pluck` change that permanently and return the
 * statement.
 *
 * A BLOB is read as a `Buffer`, an INTEGER as a number (rounded beyond 2^53, unless `safeIntegers` was called).
 * `undefined` and booleans cannot be bound.
 */
export interface Statement<Parameters extends readonly unknown[] = unknown[], Row = unknown> {
  run(...parameters: Parameters): RunResult;
  get(...parameters: Parameters): Row | undefined;
  all(...parameters: Parameters): Row[];
  /** Iterates rows. Until it ends or is closed, no other statement may run. */
  iterate(...parameters: Parameters): IterableIterator<Row>;
  /** Makes a row the array of its columns. */
  raw(): this;
  /** Makes a row its first column. */
  pluck(): this;
  /** Makes every INTEGER a bigint. */
  safeIntegers(): this;
}

/**
 * A synchronous connection to an SQLite database. Its errors have SQLite's extended result code by name, such as
 * `SQLITE_IOERR_WRITE`, as `code`.
 */
export interface Database {
  /** The file with which it was opened. */
  readonly name: string;
  readonly open: boolean;
  readonly readonly: boolean;
  readonly inTransaction: boolean;
  prepare<Parameters extends readonly unknown[] = unknown[], Row = unknown>(sql: string): Statement<Parameters, Row>;
  /** Runs statements without results. */
  exec(sql: string): unknown;
  /** Runs `PRAGMA source` and returns its rows; with `simple`, the first column of the first row. */
  pragma(source: string, options?: { readonly simple?: boolean }): unknown;
  /** Idempotent. */
  close(): unknown;
}

/** Options of `openDatabase`. */
export interface OpenOptions {
  /** Default: false. If true, the file must exist. */
  readonly readonly?: boolean;
  /** Whether a missing file is an error. Default: false. */
  readonly fileMustExist?: boolean;
  /** Milliseconds that a statement waits for locks of other connections. Default: 5,000. */
  readonly timeout?: number;
  /** Whether statements may do what can damage the file, such as writing the schema table. Default: false. */
  readonly unsafe?: boolean;
}
