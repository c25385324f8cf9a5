import type { KeyObject } from 'node:crypto';
import {
  type Accounts,
  type ChatLimits,
  chatLimits as defaultChatLimits,
  type Epoch,
  type FileRecords,
  type LimitsDifferError,
  type Store,
} from '@everywire/chat';
import { createPostgresAccounts } from '../accounts/postgres-accounts.js';
import { createLog } from '../create-log.js';
import { openDatabase } from '../database/database.js';
import { DEFAULT_POSTGRES_STORE_LIMITS, type PostgresStoreLimits } from '../limits.js';
import { migrate } from '../schema.js';
import { NodePresence } from './node-presence.js';
import { requireDurable } from './require-durable.js';

export type PostgresStore = Store & Accounts & FileRecords;

export interface PostgresStoreOptions {
  /** As `postgres://user:password@host/database`. */
  readonly url: string;
  /** Under which the contents of commands are kept for comparing; the same for all nodes, and in no database. */
  readonly commandKey: KeyObject;
  /** Have to agree with those of the nodes that have the database open. */
  readonly chatLimits?: ChatLimits;
  readonly limits?: Partial<PostgresStoreLimits>;
  /** Called where the connection was lost and others have gone on with other limits meanwhile: this node must end. */
  readonly onLimitsDiffer: (error: LimitsDifferError) => void;
  /** Called before each COMMIT, which waits for it. For tests, which hold commits. */
  readonly beforeCommit?: () => Promise<void>;
}

/**
 * Opens a database for this node, beside others, and brings its tables up to date.
 *
 * @throws PostgresStoreError for a database that cannot hold a store; LimitsDifferError; StoreError where it does not answer
 */
export async function createPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const { url, commandKey, chatLimits = defaultChatLimits, onLimitsDiffer, beforeCommit } = options;
  const storeLimits = { ...DEFAULT_POSTGRES_STORE_LIMITS, ...options.limits };
  const gate = beforeCommit && { beforeCommit };
  const preparing = openDatabase({ url, connectionsMax: 1 });
  let epoch: Epoch = '';
  let presence: NodePresence;
  try {
    await requireDurable(preparing);
    await migrate(preparing);
    const onEpoch = (found: Epoch): void => {
      epoch = found;
    };
    presence = await NodePresence.join({ url, limits: chatLimits, onEpoch, onLimitsDiffer });
  } finally {
    await preparing.close();
  }
  const database = openDatabase({ url, connectionsMax: storeLimits.connectionsMax, ...gate });
  const log = createLog({
    ...{ url, database, limits: chatLimits, storeLimits, epoch: () => epoch, commandKey },
    ...gate,
  });
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    await log.close();
    await Promise.all([presence.close(), database.close()]);
  };
  return {
    ...createPostgresAccounts(database, chatLimits),
    ...log,
    epoch: async () => {
      await database.query('SELECT 1');
      return epoch;
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
