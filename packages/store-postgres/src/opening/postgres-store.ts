import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import {
  type Accounts,
  type ChatLimits,
  type CommitHealth,
  chatLimits as defaultChatLimits,
  type FileRecords,
  type LimitsDifferError,
  type Store,
  StoreError,
} from '@everywire/chat';
import { createPostgresAccounts } from '../accounts/postgres-accounts.js';
import { createSettings } from '../accounts/settings.js';
import { createLog } from '../create-log.js';
import { type Database, openDatabase, type Queries } from '../database/database.js';
import { asOpeningError } from '../database/postgres-store-error.js';
import { WriteHealth, type WriteHealthOptions } from '../database/write-health.js';
import { DEFAULT_POSTGRES_STORE_LIMITS, type PostgresStoreLimits } from '../limits.js';
import { migrate, type SchemaMigration } from '../schema.js';
import type { EpochCause } from './data-place.js';
import { requireComplete } from './filling.js';
import { KeptPosition } from './kept-position.js';
import { NodePresence } from './node-presence.js';
import { type RepairedHead, repairHeads } from './repair-heads.js';
import { requireDurable } from './require-durable.js';
import { createServerCheck, type ServerEvents } from './server-check.js';

/** Implements all store ports over one database. */
export interface PostgresStore extends Store, Accounts, FileRecords {
  /**
   * Returns the health for `/readyz`. It is also unhealthy while the connection that marks this node as alive is lost.
   */
  health(): CommitHealth;
  /** Returns the damage reports since the store was opened, at most 100 lines. */
  damage(): readonly string[];
  /** The schema migration done at opening. */
  readonly migration: SchemaMigration;
  /** The settings of the server that are off, and with which a power cut could destroy it. */
  readonly unsafeSettings: readonly string[];
  /** The conversations whose heads were repaired at opening. */
  readonly repaired: readonly RepairedHead[];
  /** The time of the last command before the opening, ms since the epoch; `null` when no command key is stored. */
  readonly lastWrittenAt: number | null;
}

/** Options of `createPostgresStore`. */
export interface PostgresStoreOptions extends WriteHealthOptions, ServerEvents {
  /** The address: `postgres://user:password@host/database`. */
  readonly url: string;
  /**
   * The secret key for the stored hashes of commands (`CommandHash`), the same on all nodes: a node accepts a repeated
   * command of a node with another key without comparing its content. Default: a random key that the database keeps.
   * With it, a reader of the database can test guesses of a recalled text for `commandKeyDays`.
   */
  readonly commandKey?: KeyObject;
  /** The limits of the chat. They must equal those of the running nodes. */
  readonly chatLimits?: ChatLimits;
  readonly limits?: Partial<PostgresStoreLimits>;
  /**
   * A file outside of the database, where this node keeps how far the database was. It shows that a database was put back
   * in place. Default: none.
   */
  readonly positionFile?: string;
  /** Called when this node has given the data a new epoch, and all clients load again. */
  readonly onEpochBegun?: (cause: EpochCause) => void;
  /** Called when, after a reconnection, the running nodes use other limits; this node must end. */
  readonly onLimitsDiffer: (error: LimitsDifferError) => void;
  /** Awaited before each COMMIT, so that tests can delay commits. */
  readonly beforeCommit?: () => Promise<void>;
}

/** The time from which closing waits for no answer of the database any more, ms. */
const CLOSE_WITHIN_MS = 5_000;

/**
 * Writes a record to the write-ahead log, but no row: it tests whether commits succeed. A read-only transaction may write
 * such a record too; then nothing is written or returned.
 */
const PROBE =
  "SELECT pg_logical_emit_message(true, 'everywire', '') WHERE current_setting('transaction_read_only') = 'off'";

/**
 * Opens a database for this node, which other nodes may have open too, and migrates its tables.
 *
 * @throws PostgresStoreError for a database that cannot hold a store or does not answer; LimitsDifferError
 */
export async function createPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  try {
    return await open(options);
  } catch (error) {
    throw asOpeningError(error);
  }
}

async function open(options: PostgresStoreOptions): Promise<PostgresStore> {
  const { url, chatLimits = defaultChatLimits, onLimitsDiffer, beforeCommit } = options;
  const storeLimits = { ...DEFAULT_POSTGRES_STORE_LIMITS, ...options.limits };
  const gate = beforeCommit && { beforeCommit };
  const health = new WriteHealth(options);
  const preparing = openDatabase({ url, connectionsMax: 1 });
  let presence: NodePresence;
  let migration: SchemaMigration;
  let repaired: readonly RepairedHead[];
  let lastWrittenAt: number | null;
  let unsafeSettings: readonly string[];
  let commandKey: KeyObject;
  try {
    unsafeSettings = await requireDurable(preparing);
    await requireComplete(preparing);
    migration = await migrate(preparing);
    repaired = await repairHeads(preparing);
    lastWrittenAt = await lastKeyAt(preparing);
    commandKey = options.commandKey ?? (await keptCommandKey(preparing));
    const onJoined = (): void => health.committed();
    const onLost = (error: unknown): void => health.failed(error);
    const { positionFile, onEpochBegun = () => undefined } = options;
    const position = positionFile === undefined ? null : new KeptPosition(positionFile);
    const { heartbeatMs } = storeLimits;
    const events = { onEpochBegun, onJoined, onLost, onLimitsDiffer };
    presence = await NodePresence.join({ url, limits: chatLimits, heartbeatMs, position, ...events });
  } finally {
    await preparing.close();
  }
  const database = openDatabase({
    url,
    connectionsMax: storeLimits.connectionsMax,
    history: presence,
    health,
    ...gate,
  });
  health.probeBy(async () => {
    if ((await database.query(PROBE)).length === 0) throw new StoreError('busy', 'The database is read-only.');
  });
  const log = createLog({
    url,
    database,
    health,
    limits: chatLimits,
    storeLimits,
    history: presence,
    commandKey,
    ...gate,
  });
  const { lookMs, clockApartMs: apartMs } = storeLimits;
  const check = createServerCheck({ ...options, database, lookMs, apartMs, now: Date.now });
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    health.close();
    const timer = setTimeout(() => presence.cutAll(), CLOSE_WITHIN_MS);
    await Promise.all([log.close(), check.close()]);
    await Promise.all([presence.close(), database.close()]);
    clearTimeout(timer);
  };
  return {
    ...createPostgresAccounts(database, chatLimits),
    ...log,
    migration,
    unsafeSettings,
    repaired,
    lastWrittenAt,
    health: () => health.commits,
    damage: () => health.damage,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/** Returns the key that the database keeps for all nodes, or creates it. */
async function keptCommandKey(database: Database): Promise<KeyObject> {
  const made = randomBytes(32).toString('base64url');
  return createSecretKey(await createSettings(database).initSetting('commandKey', made), 'base64url');
}

/** Returns the time of the newest command key; `null` if there is none. */
async function lastKeyAt(at: Queries): Promise<number | null> {
  const [{ last = null } = {}] = await at.query<{ last: number | null }>('SELECT max(at) AS last FROM command_key');
  return last;
}
