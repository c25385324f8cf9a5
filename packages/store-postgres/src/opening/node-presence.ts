import { type ChatLimits, LimitsDifferError, StoreError } from '@everywire/chat';
import { requireAgreement } from '@everywire/chat/internal';
import { DatabaseError } from 'pg';
import { ADVISORY_LOCKS } from '../database/advisory-locks.js';
import type { Queries } from '../database/database.js';
import { CONNECT_WITHIN_MS, connectionOptions, type History, StoreConnection } from '../database/store-connection.js';
import { asStoreError } from '../database/store-failure.js';
import { type DataPlace, type EpochCause, readPlace, settleEpoch } from './data-place.js';
import type { KeptPosition } from './kept-position.js';

const RECONNECT_MS = 250;
const RECONNECT_MAX_MS = 5_000;

/** Options of `NodePresence`. */
export interface PresenceOptions {
  readonly url: string;
  readonly limits: ChatLimits;
  /** The time between two checks of the connection and of the epoch, ms. */
  readonly heartbeatMs: number;
  /** Where this node keeps the position of the log, outside of the database; `null` for nowhere. */
  readonly position: KeptPosition | null;
  /** Called when this node has given the data a new epoch. */
  readonly onEpochBegun: (cause: EpochCause) => void;
  /** Called whenever this node has joined: before `join` resolves, and after each reconnection. */
  readonly onJoined: () => void;
  /** Called when the connection is lost, and for each failed reconnection. */
  readonly onLost: (error: unknown) => void;
  /** Called when the node cannot rejoin, because the running nodes use other limits now. */
  readonly onLimitsDiffer: (error: LimitsDifferError) => void;
}

/**
 * Holds a connection that marks this node as alive: while it lasts, the node holds a shared advisory lock. The first
 * node sets the limits, and every later node must have the same ones. When a node crashes, the lock ends once the
 * server notices the end of the connection.
 *
 * It also decides whose data the node serves. A primary that loses power ends no connection, and its address may lead
 * to a standby that lacks the last commits. So every new connection is compared with the place and the epoch (id of the
 * history) that the node has joined, and with the position that it has kept; if they differ, the node joins again and
 * destroys the connections to the former place. A heartbeat finds a server that is silent, and an epoch that another
 * program has begun. After a silence, the connections before it are asked nothing more, because each would be silent
 * until its timeout.
 */
export class NodePresence implements History {
  readonly #options: PresenceOptions;
  readonly #admitted = new Set<StoreConnection>();
  #place: DataPlace = { epoch: '', recorded: null, current: null, position: '', isLosing: false };
  #connection: StoreConnection | null = null;
  #joining: Promise<void> | null = null;
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

  async admit(connection: StoreConnection): Promise<void> {
    const found = await placeOf(connection);
    // The start refuses such a database, but its settings may change while the node runs.
    if (found.isLosing) await connection.query('SET synchronous_commit = on');
    if (!this.#isHere(found)) {
      await this.#joinAgain();
      if (!this.#isHere(await placeOf(connection)))
        throw new StoreError('busy', 'The connection leads to another server than the one that this node has joined.');
    }
    connection.epoch = this.#place.epoch;
    this.#admitted.add(connection);
    connection.once('end', () => this.#admitted.delete(connection));
  }

  /** Destroys all admitted connections: what waits for an answer fails. */
  cutAll(): void {
    for (const connection of this.#admitted) connection.cut();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#joining?.catch(() => undefined);
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#connection?.end();
  }

  /** Returns whether this is the data that the node has joined, and not an older state of it. */
  #isHere(found: DataPlace): boolean {
    const { epoch, recorded, current } = found;
    const place = this.#place;
    const isSame = current !== null && recorded === current && current === place.current && epoch === place.epoch;
    return isSame && this.#options.position?.isAhead(found) !== true;
  }

  /** Joins over a new connection; concurrent callers share one attempt. */
  #joinAgain(): Promise<void> {
    this.#joining ??= this.#join().finally(() => {
      this.#joining = null;
    });
    return this.#joining;
  }

  async #join(): Promise<void> {
    const connection = new StoreConnection(connectionOptions(this.#options.url));
    let entered: Awaited<ReturnType<typeof enter>>;
    try {
      await connection.connect();
      entered = await enter(queriesOf(connection), this.#options);
    } catch (error) {
      connection.cut();
      throw error instanceof LimitsDifferError ? error : asStoreError(error, 'before');
    }
    if (this.#isClosed) {
      connection.cut();
      throw new StoreError('busy', 'The store is closed.');
    }
    const former = this.#connection;
    this.#connection = connection;
    former?.cut();
    const { place, begun } = entered;
    if (!this.#isHere(place)) this.cutAll();
    this.#place = place;
    this.#options.position?.write(place);
    connection.once('end', () => this.#lost(connection));
    this.#beatLater(connection);
    this.#options.onJoined();
    if (begun !== null) this.#options.onEpochBegun(begun);
  }

  #beatLater(connection: StoreConnection): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#beat(connection), this.#options.heartbeatMs).unref();
  }

  async #beat(connection: StoreConnection): Promise<void> {
    try {
      const place = await placeOf(connection);
      if (this.#isClosed) return;
      if (!this.#isHere(place)) {
        await this.#joinAgain();
        return;
      }
      this.#options.position?.write(place);
      this.#beatLater(connection);
    } catch {
      // The end of the connection is reported, and this node joins again.
      connection.cut();
    }
  }

  #lost(connection: StoreConnection): void {
    if (connection !== this.#connection || this.#isClosed) return;
    this.#connection = null;
    for (const other of this.#admitted) other.isDoubtful = true;
    this.#options.onLost(new Error('the connection ended'));
    this.#joinLater(RECONNECT_MS);
  }

  #joinLater(after: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#connection !== null) return;
      this.#joinAgain().catch((error: unknown) => {
        if (this.#isClosed) return;
        if (error instanceof LimitsDifferError) {
          this.#options.onLimitsDiffer(error);
          return;
        }
        // Neither the former connection nor a new one gets an answer: nobody should wait for the others either.
        if (!isAnswer(error)) this.cutAll();
        this.#options.onLost(error);
        this.#joinLater(Math.min(2 * after, RECONNECT_MAX_MS));
      });
    }, after).unref();
  }
}

/** Takes the lock of running nodes, sets or compares the limits, and settles the epoch. */
async function enter(at: Queries, { limits, position }: PresenceOptions): ReturnType<typeof settleEpoch> {
  const [{ alone = false } = {}] = await at.query<{ alone: boolean }>(
    'SELECT pg_try_advisory_lock($1::int8) AS alone',
    [ADVISORY_LOCKS.nodes],
  );
  // Later nodes wait here until the first one has stored its limits.
  if (!alone) await at.query('SELECT pg_advisory_lock_shared($1::int8)', [ADVISORY_LOCKS.nodes]);
  await at.query('BEGIN');
  const settled = await settleEpoch(at, position);
  if (alone) await at.query('UPDATE store SET limits = $1::text', [JSON.stringify(limits)]);
  const [{ held = '{}' } = {}] = await at.query<{ held: string }>('SELECT limits AS held FROM store');
  await at.query('COMMIT');
  if (alone) {
    await at.query('SELECT pg_advisory_lock_shared($1::int8)', [ADVISORY_LOCKS.nodes]);
    await at.query('SELECT pg_advisory_unlock($1::int8)', [ADVISORY_LOCKS.nodes]);
  }
  requireAgreement(JSON.parse(held) as ChatLimits, limits);
  return settled;
}

/** Reads where a connection leads. */
function placeOf(connection: StoreConnection): Promise<DataPlace> {
  return readPlace(queriesOf(connection, { query_timeout: CONNECT_WITHIN_MS }));
}

/** Returns whether the server has answered, with an error. */
function isAnswer(error: unknown): boolean {
  return error instanceof StoreError && error.cause instanceof DatabaseError;
}

function queriesOf(connection: StoreConnection, options: { readonly query_timeout?: number } = {}): Queries {
  return {
    query: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
      (await connection.query<Row>({ ...options, text, values: [...values] })).rows,
  };
}
