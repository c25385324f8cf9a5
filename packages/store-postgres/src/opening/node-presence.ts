import { type ChatLimits, type Epoch, LimitsDifferError } from '@everywire/chat';
import { requireAgreement } from '@everywire/chat/internal';
import pg from 'pg';
import { ADVISORY_LOCKS } from '../database/advisory-locks.js';
import type { Queries } from '../database/database.js';
import { CONNECT_WITHIN_MS, SESSION_SETTINGS } from '../database/session-settings.js';
import { columnTypes } from '../database/statement.js';
import { asStoreError } from '../database/store-failure.js';
import { settleEpoch } from './data-place.js';

const RECONNECT_MS = 250;
const RECONNECT_MAX_MS = 5_000;

/** Options of `NodePresence`. */
export interface PresenceOptions {
  readonly url: string;
  readonly limits: ChatLimits;
  /** Called whenever this node has joined: before `join` resolves, and after each reconnection. */
  readonly onEpoch: (epoch: Epoch) => void;
  /** Called when the connection is lost, and for each failed reconnection. */
  readonly onLost: (error: unknown) => void;
  /** Called when the node cannot rejoin, because the running nodes use other limits now. */
  readonly onLimitsDiffer: (error: LimitsDifferError) => void;
}

/**
 * Holds a connection that marks this node as alive: while it lasts, the node holds a shared advisory lock. The first
 * node sets the limits, and every later node must have the same ones. When a node crashes, the lock ends once the
 * server notices the end of the connection. After a reconnection, another server may have taken over, so the epoch (id
 * of the history) is checked again.
 */
export class NodePresence {
  readonly #options: PresenceOptions;
  #client: pg.Client | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  private constructor(options: PresenceOptions) {
    this.#options = options;
  }

  /**
   * Joins the running nodes.
   *
   * @throws LimitsDifferError when other nodes have other limits; StoreError when the database does not answer
   */
  static async join(options: PresenceOptions): Promise<NodePresence> {
    const presence = new NodePresence(options);
    await presence.#join();
    return presence;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#client?.end().catch(() => undefined);
  }

  async #join(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#options.url,
      types: columnTypes,
      keepAlive: true,
      application_name: 'everywire',
      options: SESSION_SETTINGS,
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      this.#options.onEpoch(await enter(queriesOf(client), this.#options.limits));
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error instanceof LimitsDifferError ? error : asStoreError(error, 'before');
    }
    this.#client = client;
    client.once('end', () => {
      if (!this.#isClosed) this.#options.onLost(new Error('the connection ended'));
      this.#joinAgain(RECONNECT_MS);
    });
  }

  #joinAgain(after: number): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#join().catch((error: unknown) => {
        if (error instanceof LimitsDifferError) {
          this.#options.onLimitsDiffer(error);
          return;
        }
        this.#options.onLost(error);
        this.#joinAgain(Math.min(2 * after, RECONNECT_MAX_MS));
      });
    }, after).unref();
  }
}

/** Takes the lock of running nodes, sets or compares the limits, and returns the epoch. */
async function enter(at: Queries, limits: ChatLimits): Promise<Epoch> {
  const [{ alone = false } = {}] = await at.query<{ alone: boolean }>(
    'SELECT pg_try_advisory_lock($1::int8) AS alone',
    [ADVISORY_LOCKS.nodes],
  );
  // Later nodes wait here until the first one has stored its limits.
  if (!alone) await at.query('SELECT pg_advisory_lock_shared($1::int8)', [ADVISORY_LOCKS.nodes]);
  await at.query('BEGIN');
  const epoch = await settleEpoch(at);
  if (alone) await at.query('UPDATE store SET limits = $1::text', [JSON.stringify(limits)]);
  const [{ held = '{}' } = {}] = await at.query<{ held: string }>('SELECT limits AS held FROM store');
  await at.query('COMMIT');
  if (alone) {
    await at.query('SELECT pg_advisory_lock_shared($1::int8)', [ADVISORY_LOCKS.nodes]);
    await at.query('SELECT pg_advisory_unlock($1::int8)', [ADVISORY_LOCKS.nodes]);
  }
  requireAgreement(JSON.parse(held) as ChatLimits, limits);
  return epoch;
}

function queriesOf(client: pg.Client): Queries {
  return {
    query: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
      (await client.query<Row>({ text, values: [...values] })).rows,
  };
}
