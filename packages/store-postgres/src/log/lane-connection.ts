import { type Epoch, StoreError } from '@everywire/chat';
import type { QueryResult } from 'pg';
import { isInTransaction } from '../database/open-transaction.js';
import { statement } from '../database/statement.js';
import { connectionOptions, type History, StoreConnection } from '../database/store-connection.js';
import { asStoreError, type FailurePhase, isOfStatement } from '../database/store-failure.js';

/** One statement of a pipelined batch. */
export interface SentStatement {
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** The rows and the command tag of a statement. */
export interface StatementResult {
  readonly command: string;
  readonly rows: readonly object[];
}

/**
 * The session settings of a connection that writes. Without hash and merge joins, the planner reads rows by nested
 * loops over indexes, so that every group locks rows in the same order; otherwise two groups could deadlock. The
 * settings also prevent full scans while a new table has no statistics.
 */
const WRITE_SETTINGS: readonly string[] = [
  ...['enable_hashjoin=off', 'enable_mergejoin=off', 'enable_seqscan=off'],
  'plan_cache_mode=force_generic_plan',
];

/**
 * A connection that pipelines statements: it sends several without waiting for the answer to each. It connects on
 * demand, and again after the connection was lost.
 */
export class LaneConnection {
  readonly #url: string;
  readonly #history: History;
  #opening: Promise<StoreConnection> | null = null;

  constructor(url: string, history: History) {
    this.#url = url;
    this.#history = history;
  }

  /**
   * Begins a transaction and runs statements in it, in one round trip. The server runs them even if BEGIN failed, so
   * they must only read and lock. Rejects with the error of a statement, or with `busy` without a connection.
   */
  async begin(reads: readonly SentStatement[]): Promise<LaneTransaction> {
    const connection = await this.#certain().catch((error: unknown) => {
      throw asStoreError(error, 'before');
    });
    const [, ...answers] = await fly(connection, [{ text: 'BEGIN' }, ...reads], 'before');
    return new LaneTransaction(connection, answers);
  }

  /** Closes the connection; the server rolls back an open transaction. */
  async end(): Promise<void> {
    const opening = this.#opening;
    this.#opening = null;
    await (await opening?.catch(() => undefined))?.end();
  }

  async #certain(): Promise<StoreConnection> {
    const connection = await this.#open();
    if (!connection.isDoubtful) return connection;
    connection.cut();
    this.#opening = null;
    return this.#open();
  }

  #open(): Promise<StoreConnection> {
    if (this.#opening !== null) return this.#opening;
    const connection = new StoreConnection({
      ...connectionOptions(this.#url, { settings: WRITE_SETTINGS }),
      pipeline: true,
    });
    const opening = connection.connect().then(async () => {
      await this.#history.admit(connection);
      return connection;
    });
    const lost = (): void => {
      if (this.#opening === opening) this.#opening = null;
    };
    // A connection may report its end more than once.
    connection.on('error', lost);
    connection.on('end', lost);
    opening.catch(() => {
      lost();
      connection.cut();
    });
    this.#opening = opening;
    return opening;
  }
}

/**
 * An open transaction, bound to the connection that answered its BEGIN. When that connection has ended, the server has
 * rolled the transaction back, and the writes must not go to another connection: they were decided on rows that are no
 * longer locked.
 */
export class LaneTransaction {
  readonly #connection: StoreConnection;
  /** The answers to the statements of `begin`. */
  readonly answers: readonly StatementResult[];

  constructor(connection: StoreConnection, answers: readonly StatementResult[]) {
    this.#connection = connection;
    this.answers = answers;
  }

  /** The epoch (id of the history) of the data that the transaction reads and writes. */
  get epoch(): Epoch {
    return this.#connection.epoch;
  }

  /**
   * Writes and commits, in one round trip. Rejects when the transaction was undone; with `unknown` when the connection
   * was lost after COMMIT was sent.
   */
  async commit(writes: readonly SentStatement[]): Promise<void> {
    if (!isInTransaction(this.#connection))
      throw new StoreError('busy', 'The transaction has ended before its writes.');
    const ended = await fly(this.#connection, [...writes, { text: 'COMMIT' }], 'commit');
    // After a failed statement, COMMIT rolls back without an error; only the command tag of the answer shows this.
    if (ended.at(-1)?.command !== 'COMMIT') throw new StoreError('busy', 'The transaction was undone.');
  }

  /**
   * Ends a transaction that writes nothing, but whose answers rest on what it has read. If a standby must confirm
   * commits, waits until it has confirmed those that were read too: the wait of their own COMMIT may have been broken
   * off, and then they can be read although the standby lacks them. Rejects with `unknown` when it is not known whether
   * the standby has them.
   */
  async confirm(): Promise<void> {
    await fly(this.#connection, [{ text: CONFIRM }, { text: 'COMMIT' }], 'commit');
  }

  async rollback(): Promise<void> {
    await fly(this.#connection, [{ text: 'ROLLBACK' }], 'before');
  }
}

/** Writes a record to the write-ahead log, if a standby must confirm commits; COMMIT then waits for the log so far. */
const CONFIRM =
  "SELECT CASE WHEN current_setting('synchronous_standby_names') <> '' THEN pg_logical_emit_message(true, 'everywire', '') END";

/**
 * Sends all statements in one round trip and waits for all answers. Rejects with the first failure, because the later
 * ones of a transaction only result from it: the error of a statement as it is, the loss of the connection as a
 * `StoreError`.
 */
async function fly(
  connection: StoreConnection,
  statements: readonly SentStatement[],
  phase: FailurePhase,
): Promise<readonly StatementResult[]> {
  const sent = statements.map(({ text, values = [] }) => connection.query<object>(statement(text, values)));
  const answers = await Promise.allSettled(sent);
  const failed = answers.find((answer) => answer.status === 'rejected');
  if (failed !== undefined) throw isOfStatement(failed.reason) ? failed.reason : asStoreError(failed.reason, phase);
  return answers.map((answer) => (answer as PromiseFulfilledResult<QueryResult<object>>).value);
}
