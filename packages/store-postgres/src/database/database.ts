import { StoreError } from '@everywire/chat';
import pg from 'pg';
import { CONNECT_WITHIN_MS, SESSION_SETTINGS } from './session-settings.js';
import { columnTypes, statement } from './statement.js';
import { asStoreError, isConflict } from './store-failure.js';
import { WriteHealth } from './write-health.js';

/** Statements on one connection, or each on any. Their texts are of a fixed set. */
export interface Queries {
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** A pool of connections for what needs no lane: reads, and changes of accounts and files. Every call rejects with `StoreError`. */
export interface Database extends Queries {
  /** Several statements that see the same rows. Those that are asked for at once take one round trip together. */
  snapshot<Answer>(work: (at: Queries) => Promise<Answer>): Promise<Answer>;
  /**
   * One transaction in READ COMMITTED: each statement sees what was committed before it, so lock first, and read after. Runs again, from the
   * beginning, after a deadlock or where another transaction has made the same row; a `work` that throws undoes it.
   */
  transaction<Answer>(work: (at: Queries) => Promise<Answer>): Promise<Answer>;
  /** Resolves once every transaction has ended that was running when it was called: nothing that was decided before it can commit after it. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly connectionsMax: number;
  /** Told what becomes of commits. Default: nobody is. */
  readonly health?: WriteHealth;
  /** Called before each COMMIT, which waits for it. For tests, which hold commits. */
  readonly beforeCommit?: () => Promise<void>;
}

/** Beyond the time that the server gives any transaction of ours. */
const SETTLED_WITHIN_MS = 20_000;
const SETTLED_POLL_MS = 5;

/** What runs again at most this often; a conflict that goes on is `busy`. */
const RUNS_MAX = 5;

export function openDatabase({
  url,
  connectionsMax,
  health = new WriteHealth(),
  beforeCommit,
}: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    types: columnTypes,
    application_name: 'everywire',
    options: SESSION_SETTINGS,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    keepAlive: true,
    pipeline: true,
  });
  // Of a connection that nobody is using: the next call opens another one.
  pool.on('error', () => undefined);
  // Of one that a transaction holds while it asks nothing: what it asks next fails. What nobody listens to ends the process.
  pool.on('connect', (client) => client.on('error', () => undefined));

  const within = async <Answer>(
    begin: (client: pg.PoolClient, work: () => Promise<Answer>) => Promise<Answer>,
    work: (at: Queries) => Promise<Answer>,
    commit: (client: pg.PoolClient) => Promise<void>,
  ): Promise<Answer> => {
    const client = await connect();
    let broken = true;
    try {
      const answer = await begin(client, () => work(queriesOf(client)));
      await commit(client);
      broken = false;
      return answer;
    } catch (error) {
      broken = !(await client.query('ROLLBACK').then(
        () => true,
        () => false,
      ));
      throw error;
    } finally {
      client.release(broken);
    }
  };
  const connect = (): Promise<pg.PoolClient> =>
    pool.connect().catch((error: unknown) => {
      throw asStoreError(error, 'before');
    });
  const readFailed = (error: unknown): unknown => {
    health.readFailed(error);
    return error;
  };
  const runAgain = async <Answer>(run: () => Promise<Answer>): Promise<Answer> => {
    for (let runs = 1; ; runs += 1) {
      try {
        return await run();
      } catch (error) {
        if (isConflict(error) && runs < RUNS_MAX) continue;
        const thrown = asThrown(error);
        // One without a cause is the caller's own.
        if (thrown instanceof StoreError && thrown.cause !== undefined && !isConflict(error)) health.failed(thrown);
        throw thrown;
      }
    }
  };
  return {
    query: (text, values) =>
      queriesOf(pool)
        .query(text, values)
        .catch((error: unknown) => {
          throw readFailed(asStoreError(error, 'before'));
        }) as ReturnType<Queries['query']> as never,
    snapshot: (work) =>
      within(beginSnapshot, work, async (client) => {
        await client.query('COMMIT').catch(rethrowNoted);
      }).catch((error: unknown) => {
        throw readFailed(asThrown(error));
      }),
    transaction: (work) =>
      runAgain(() =>
        within(beginTransaction, work, async (client) => {
          await beforeCommit?.();
          await commitOf(client);
          health.committed();
        }),
      ),
    settled: () => waitForRunning(queriesOf(pool)),
    close: () => pool.end(),
  };
}

/** What only reads goes along with what begins it. */
async function beginSnapshot<Answer>(client: pg.PoolClient, work: () => Promise<Answer>): Promise<Answer> {
  const begun = client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY').catch(rethrowNoted);
  const [, answer] = await Promise.all([begun, work()]);
  return answer;
}

/** What writes waits for it: the server goes on with what it was sent, also where nothing had begun. */
async function beginTransaction<Answer>(client: pg.PoolClient, work: () => Promise<Answer>): Promise<Answer> {
  await client.query('BEGIN').catch(rethrowNoted);
  return work();
}

function queriesOf(client: Pick<pg.PoolClient, 'query'>): Queries {
  return {
    query: async <Row extends object>(text: string, values: readonly unknown[] = []) => {
      const { rows } = await client.query<Row>(statement(text, values)).catch(rethrowNoted);
      return rows;
    },
  };
}

/** What the driver has thrown. All else that a `work` throws is its caller's own. */
const ofDriver = new WeakSet<object>();

function note(error: unknown): unknown {
  if (typeof error === 'object' && error !== null) ofDriver.add(error);
  return error;
}

function rethrowNoted(error: unknown): never {
  throw note(error);
}

function asThrown(error: unknown): unknown {
  const isOfDriver = typeof error === 'object' && error !== null && ofDriver.has(error);
  return isOfDriver ? asStoreError(error, 'before') : error;
}

async function waitForRunning(at: Queries): Promise<void> {
  // A transaction of its own: every one that has written or locked so far has a lower number.
  const [{ end = '0' } = {}] = await at.query<{ end: string }>('SELECT pg_current_xact_id()::text AS end');
  for (const deadline = performance.now() + SETTLED_WITHIN_MS; performance.now() < deadline; ) {
    const [{ over = false } = {}] = await at.query<{ over: boolean }>(
      'SELECT pg_snapshot_xmin(pg_current_snapshot()) >= $1::text::xid8 AS over',
      [end],
    );
    if (over) return;
    await new Promise((resolve) => setTimeout(resolve, SETTLED_POLL_MS));
  }
  throw new StoreError('unknown', 'A transaction of the database runs for too long.');
}

/** A transaction in which a statement failed ends without an error, undone; only the tag says so. */
async function commitOf(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT').catch((error: unknown) => {
    throw isConflict(error) ? note(error) : asStoreError(error, 'commit');
  });
  if (command !== 'COMMIT') throw new StoreError('busy', `The transaction was undone: ${command}`);
}
