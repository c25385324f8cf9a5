import { type Epoch, StoreError } from '@everywire/chat';
import pg from 'pg';
import { isInTransaction } from './open-transaction.js';
import { statement } from './statement.js';
import { anyHistory, connectionOptions, type History, StoreConnection } from './store-connection.js';
import { asStoreError, isConflict } from './store-failure.js';
import { WriteHealth } from './write-health.js';

/**
 * Runs statements, either all on one connection or each on any connection. The texts must be of a fixed set, because
 * each is prepared once per connection and kept.
 */
export interface Queries {
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** The reads of one snapshot. */
export interface Snapshot extends Queries {
  /** The epoch (id of the history) of the data that is read. */
  readonly epoch: Epoch;
}

/**
 * A pool of connections for reads and for changes of accounts and files. Changes of conversations use other
 * connections, the lanes (`group-lane.ts`). Every call rejects with `StoreError` if the database fails. `query` is for
 * reads, and for changes that nobody acknowledges: it does not tell a change that may have been made (`unknown`).
 */
export interface Database extends Queries {
  /**
   * Runs reads that all see the same state of the database. Statements issued in the same tick of the event loop share
   * one round trip.
   */
  snapshot<Answer>(work: (at: Snapshot) => Promise<Answer>): Promise<Answer>;
  /**
   * Runs one READ COMMITTED transaction. Each statement sees what was committed before it, so `work` must lock first
   * and read afterwards. Retries from the beginning after a deadlock or when another transaction inserted the same row;
   * rolls back when `work` throws.
   */
  transaction<Answer>(work: (at: Queries) => Promise<Answer>): Promise<Answer>;
  /**
   * Resolves once every transaction of the nodes that has written or locked a row before the call has ended, so that
   * nothing decided before the call can commit afterwards. Rejects with `unknown` when one takes too long.
   */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Options of `openDatabase`. */
export interface DatabaseOptions {
  readonly url: string;
  readonly connectionsMax: number;
  /** Whether a statement may take as long as it needs; for commands, while no node waits. Default: false. */
  readonly isPatient?: boolean;
  /** Checks each new connection. Default: none is checked, and snapshots have no epoch. */
  readonly history?: History;
  /** Receives the outcomes of commits. Default: none. */
  readonly health?: WriteHealth;
  /** Awaited before each COMMIT, so that tests can delay commits. */
  readonly beforeCommit?: () => Promise<void>;
}

/**
 * The longest wait of `settled`, ms: longer than the timeouts after which the server ends a transaction of this
 * program.
 */
const SETTLED_WITHIN_MS = 20_000;
const SETTLED_POLL_MS = 5;

/** The most runs of a conflicting transaction; afterwards it fails with `busy`. */
const RUNS_MAX = 5;

/** Opens a pool; connects on demand. */
export function openDatabase({
  url,
  connectionsMax,
  isPatient = false,
  history = anyHistory,
  health = new WriteHealth(),
  beforeCommit,
}: DatabaseOptions): Database {
  const pool = new pg.Pool({
    ...connectionOptions(url, { isPatient }),
    max: connectionsMax,
    pipeline: true,
    Client: StoreConnection,
    onConnect: (connection) => history.admit(connection as StoreConnection),
  });
  // Emitted when an idle connection fails. Nothing to do, because the next call opens another one.
  pool.on('error', () => undefined);

  // Runs `work` between `begin` and `commit` on one connection; rolls back on any failure.
  const within = async <Answer>(
    begin: (client: pg.PoolClient, work: () => Promise<Answer>) => Promise<Answer>,
    work: (at: Snapshot) => Promise<Answer>,
    commit: (client: pg.PoolClient) => Promise<void>,
  ): Promise<Answer> => {
    const client = await connect();
    // A connection that could not roll back is discarded.
    let broken = true;
    try {
      const answer = await begin(client, () =>
        work({ ...queriesOf(client), epoch: (client as pg.PoolClient & StoreConnection).epoch }),
      );
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
  const connect = async (): Promise<pg.PoolClient> => {
    for (;;) {
      const client = await pool.connect().catch((error: unknown) => {
        throw asStoreError(error, 'before');
      });
      if (!(client as pg.PoolClient & StoreConnection).isDoubtful) return client;
      client.release(true);
    }
  };
  const query: Queries['query'] = async <Row extends object>(text: string, values?: readonly unknown[]) => {
    const client = await connect();
    // A connection whose statement failed is discarded.
    let broken = true;
    try {
      const rows = await queriesOf(client).query<Row>(text, values);
      broken = false;
      return rows;
    } finally {
      client.release(broken);
    }
  };
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
        // A `StoreError` without a cause was thrown by `work` and says nothing about the database.
        if (thrown instanceof StoreError && thrown.cause !== undefined && !isConflict(error)) health.failed(thrown);
        throw thrown;
      }
    }
  };
  return {
    query: (text, values) =>
      query(text, values).catch((error: unknown) => {
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
    settled: () => waitForRunning({ query }),
    close: () => pool.end(),
  };
}

/** Sends BEGIN together with the first reads, to save a round trip. */
async function beginSnapshot<Answer>(client: pg.PoolClient, work: () => Promise<Answer>): Promise<Answer> {
  const begun = client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY').catch(rethrowNoted);
  const [, answer] = await Promise.all([begun, work()]);
  return answer;
}

/** Waits for the answer to BEGIN, because the server would run the following statements even if BEGIN failed. */
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

/** Errors that the driver has thrown, to tell them from errors that the caller's `work` has thrown. */
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

/** The transactions of all nodes that have an id; they hold a lock of it until they end. */
const RUNNING = `SELECT l.transactionid::text AS id FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
  WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND a.datname = current_database() AND a.application_name = 'everywire'`;

async function waitForRunning(at: Queries): Promise<void> {
  const running = async (): Promise<readonly string[]> => (await at.query<{ id: string }>(RUNNING)).map(({ id }) => id);
  let before = await running();
  for (const deadline = performance.now() + SETTLED_WITHIN_MS; before.length > 0; ) {
    if (performance.now() > deadline)
      throw new StoreError('unknown', 'A transaction of the database runs for too long.');
    await new Promise((resolve) => setTimeout(resolve, SETTLED_POLL_MS));
    const now = new Set(await running());
    before = before.filter((id) => now.has(id));
  }
}

/**
 * Commits. After a failed statement, COMMIT rolls back without an error; only the command tag of the answer shows this.
 */
async function commitOf(client: pg.PoolClient): Promise<void> {
  if (!isInTransaction(client)) throw new StoreError('unknown', 'The transaction has ended before its COMMIT.');
  const { command } = await client.query('COMMIT').catch((error: unknown) => {
    throw isConflict(error) ? note(error) : asStoreError(error, 'commit');
  });
  if (command !== 'COMMIT') throw new StoreError('busy', `The transaction was undone: ${command}`);
}
