import { StoreError } from '@everywire/chat';
import pg from 'pg';
import { isInTransaction } from '../database/open-transaction.js';
import { CONNECT_WITHIN_MS, SESSION_SETTINGS } from '../database/session-settings.js';
import { columnTypes, statement } from '../database/statement.js';

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
const WRITE_SETTINGS = `${SESSION_SETTINGS} -c enable_hashjoin=off -c enable_mergejoin=off -c enable_seqscan=off -c plan_cache_mode=force_generic_plan -c synchronous_commit=on`;

/**
 * A connection that pipelines statements: it sends several without waiting for the answer to each. It connects on
 * demand, and again after the connection was lost.
 */
export class LaneConnection {
  readonly #url: string;
  #client: Promise<pg.Client> | null = null;

  constructor(url: string) {
    this.#url = url;
  }

  /**
   * Begins a transaction and runs statements in it, in one round trip. The server runs them even if BEGIN failed, so
   * they must only read and lock.
   */
  async begin(reads: readonly SentStatement[]): Promise<LaneTransaction> {
    const client = await this.#open();
    const [, ...answers] = await fly(client, [{ text: 'BEGIN' }, ...reads]);
    return new LaneTransaction(client, answers);
  }

  /** Closes the connection; the server rolls back an open transaction. */
  async end(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    await (await client?.catch(() => undefined))?.end().catch(() => undefined);
  }

  #open(): Promise<pg.Client> {
    if (this.#client !== null) return this.#client;
    const client = new pg.Client({
      connectionString: this.#url,
      pipeline: true,
      types: columnTypes,
      application_name: 'everywire',
      options: WRITE_SETTINGS,
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
      keepAlive: true,
    });
    const opening = client.connect().then(() => client);
    const lost = (): void => {
      if (this.#client === opening) this.#client = null;
    };
    // A connection may report its end more than once, and an error event without a listener would end the process.
    client.on('error', lost);
    client.on('end', lost);
    opening.catch(lost);
    this.#client = opening;
    return opening;
  }
}

/**
 * An open transaction, bound to the connection that answered its BEGIN. When that connection has ended, the server has
 * rolled the transaction back, and the writes must not go to another connection: they were decided on rows that are no
 * longer locked.
 */
export class LaneTransaction {
  readonly #client: pg.Client;
  /** The answers to the statements of `begin`. */
  readonly answers: readonly StatementResult[];

  constructor(client: pg.Client, answers: readonly StatementResult[]) {
    this.#client = client;
    this.answers = answers;
  }

  /**
   * Writes and commits, in one round trip. Rejects when the transaction was undone, or when its outcome is unknown
   * because the connection was lost.
   */
  async commit(writes: readonly SentStatement[]): Promise<void> {
    if (!isInTransaction(this.#client)) throw new StoreError('busy', 'The transaction has ended before its writes.');
    const ended = await fly(this.#client, [...writes, { text: 'COMMIT' }]);
    // After a failed statement, COMMIT rolls back without an error; only the command tag of the answer shows this.
    if (ended.at(-1)?.command !== 'COMMIT') throw new StoreError('busy', 'The transaction was undone.');
  }

  async rollback(): Promise<void> {
    await fly(this.#client, [{ text: 'ROLLBACK' }]);
  }
}

/**
 * Sends all statements in one round trip and waits for all answers. Rejects with the first failure, because the later
 * ones of a transaction only result from it.
 */
async function fly(client: pg.Client, statements: readonly SentStatement[]): Promise<readonly StatementResult[]> {
  const sent = statements.map(({ text, values = [] }) => client.query<object>(statement(text, values)));
  const answers = await Promise.allSettled(sent);
  const failed = answers.find((answer) => answer.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return answers.map((answer) => (answer as PromiseFulfilledResult<pg.QueryResult<object>>).value);
}
