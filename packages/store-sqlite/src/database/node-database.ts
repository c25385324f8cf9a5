import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { Database, OpenOptions, RunResult, Statement } from './database.js';
import { resultCodeName } from './result-codes.js';

type Method = 'run' | 'get' | 'all' | 'iterate';

/** The module `node:sqlite`. */
export type NodeSqlite = typeof import('node:sqlite');

/** A method of connections since Node 24.12. */
interface Defensive {
  enableDefensive?(active: boolean): void;
}

/** Adds the name of SQLite's code, which Node reports as a number, with one word for all its errors. */
function withCodeName(error: unknown): unknown {
  if (error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')
    Object.assign(error, { code: resultCodeName(error.errcode) });
  return error;
}

function attempt<Result>(act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw withCodeName(error);
  }
}

class NodeDatabaseStatement implements Statement {
  readonly #statement: StatementSync;
  #plucked = false;
  #exact = false;

  constructor(statement: StatementSync) {
    this.#statement = statement;
  }

  run(...parameters: readonly unknown[]): RunResult {
    return this.#call('run', parameters) as RunResult;
  }

  get(...parameters: readonly unknown[]): unknown {
    const row = this.#call('get', parameters);
    return row === undefined ? undefined : this.#rowOf(row);
  }

  all(...parameters: readonly unknown[]): unknown[] {
    const rows = this.#call('all', parameters) as unknown[];
    for (let at = 0; at < rows.length; at += 1) rows[at] = this.#rowOf(rows[at]);
    return rows;
  }

  *iterate(...parameters: readonly unknown[]): IterableIterator<unknown> {
    this.#statement.setReadBigInts(true); // Once it has returned rows, it cannot be run again, as `#call` does.
    try {
      for (const row of this.#call('iterate', parameters) as Iterable<unknown>) yield this.#rowOf(row);
    } catch (error) {
      throw withCodeName(error);
    } finally {
      this.#statement.setReadBigInts(this.#exact);
    }
  }

  raw(): this {
    this.#statement.setReturnArrays(true);
    return this;
  }

  pluck(): this {
    this.#plucked = true;
    return this.raw();
  }

  safeIntegers(): this {
    this.#exact = true;
    this.#statement.setReadBigInts(true);
    return this;
  }

  #call(method: Method, parameters: readonly unknown[]): unknown {
    try {
      return this.#statement[method](...(parameters as SQLInputValue[]));
    } catch (error) {
      if (!isOutOfRange(error)) throw withCodeName(error);
    }
    // Only a damaged store has an integer beyond 2^53. Node refuses to read it; here, the reader decides what it means.
    this.#statement.setReadBigInts(true);
    try {
      return attempt(() => this.#statement[method](...(parameters as SQLInputValue[])));
    } finally {
      this.#statement.setReadBigInts(false);
    }
  }

  #rowOf(row: unknown): unknown {
    const values = row as Record<number | string, unknown>;
    if (Array.isArray(row)) for (let at = 0; at < row.length; at += 1) row[at] = this.#valueOf(row[at]);
    else for (const name in values) values[name] = this.#valueOf(values[name]);
    return this.#plucked ? values[0] : row;
  }

  #valueOf(value: unknown): unknown {
    if (typeof value === 'bigint') return this.#exact ? value : Number(value);
    if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return value;
  }
}

function isOutOfRange(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_OUT_OF_RANGE';
}

/** Opens a database with the SQLite of Node. */
export function openNodeDatabase(sqlite: NodeSqlite, file: string, options: OpenOptions): Database {
  const { readonly = false, fileMustExist = false, timeout = 5_000, unsafe = false } = options;
  const existing = pathToFileURL(file);
  existing.searchParams.set('mode', 'rw');
  const path = fileMustExist && !readonly ? existing : file;
  const connection: DatabaseSync & Defensive = attempt(
    () => new sqlite.DatabaseSync(path, { readOnly: readonly, timeout }),
  );
  connection.enableDefensive?.(!unsafe);
  let open = true;
  const prepare = (sql: string): NodeDatabaseStatement =>
    new NodeDatabaseStatement(attempt(() => connection.prepare(sql)));
  return {
    name: file,
    readonly,
    get open() {
      return open;
    },
    get inTransaction() {
      return open && connection.isTransaction;
    },
    prepare: prepare as Database['prepare'],
    exec: (sql) => attempt(() => connection.exec(sql)),
    pragma(source, { simple = false } = {}) {
      const statement = prepare(`PRAGMA ${source}`);
      return simple ? statement.pluck().get() : statement.all();
    },
    close() {
      if (open) attempt(() => connection.close());
      open = false;
    },
  };
}
