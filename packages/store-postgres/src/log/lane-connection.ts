import pg from 'pg';
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
   * Sends all statements in one round trip and waits for all answers. Rejects with the first failure, because the later
   * ones of a transaction only result from it.
   *
   * The server runs each statement that it has received, even if BEGIN failed or the connection is lost. So a batch
   * with BEGIN must only read, and the caller must send the writes after BEGIN has been answered.
   */
  async fly(statements: readonly SentStatement[]): Promise<readonly StatementResult[]> {
    const client = await this.#open();
    const sent = statements.map(({ text, values = [] }) => client.query<object>(statement(text, values)));
    const answers = await Promise.allSettled(sent);
    const failed = answers.find((answer) => answer.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return answers.map((answer) => (answer as PromiseFulfilledResult<pg.QueryResult<object>>).value);
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
