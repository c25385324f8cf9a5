import pg from 'pg';
import { CONNECT_WITHIN_MS, SESSION_SETTINGS } from '../database/session-settings.js';
import { columnTypes, statement } from '../database/statement.js';

/** One statement of a flight. */
export interface Asked {
  readonly text: string;
  readonly values?: readonly unknown[];
}

export interface Answered {
  readonly command: string;
  readonly rows: readonly object[];
}

/**
 * What writes go by. Without these plans the order in which rows are locked is the planner's to choose, and two groups can lock each other out; and
 * the first plans of a fresh table scan it whole.
 */
const WRITE_SETTINGS = `${SESSION_SETTINGS} -c enable_hashjoin=off -c enable_mergejoin=off -c enable_seqscan=off -c plan_cache_mode=force_generic_plan -c synchronous_commit=on`;

/** One connection that is sent several statements at once, and answers them in order. It opens when it is needed, and again after it ended. */
export class LaneConnection {
  readonly #url: string;
  #client: Promise<pg.Client> | null = null;

  constructor(url: string) {
    this.#url = url;
  }

  /**
   * Sends all of them at once and waits for every answer. Rejects with what the first of them failed of; the others of a transaction have failed for
   * its sake.
   *
   * The server goes on with what it was sent, whatever becomes of the connection. So a flight that begins a transaction only reads, and what writes is
   * sent after BEGIN has been answered.
   */
  async fly(asked: readonly Asked[]): Promise<readonly Answered[]> {
    const client = await this.#open();
    const sent = asked.map(({ text, values = [] }) => client.query<object>(statement(text, values)));
    const answers = await Promise.allSettled(sent);
    const failed = answers.find((answer) => answer.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return answers.map((answer) => (answer as PromiseFulfilledResult<pg.QueryResult<object>>).value);
  }

  /** What has begun on it is undone by the server. */
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
    // A connection that ends may say so more than once, and what nobody listens to ends the process.
    client.on('error', lost);
    client.on('end', lost);
    opening.catch(lost);
    this.#client = opening;
    return opening;
  }
}
