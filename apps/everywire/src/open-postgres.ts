import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createPostgresStore, type PostgresStore } from '@everywire/store-postgres';
import type { OpenedStore, OpenStoreOptions } from './opened-store.js';
import { ConfigError } from './read-config.js';
import { chatLimitsOf } from './server-settings.js';
import { storeEvents } from './store-events.js';

const OWNER_ONLY = 0o700;

/**
 * Opens the database that `EVERYWIRE_POSTGRES` names. The data directory holds message files and the state passed to
 * the next process.
 */
export async function openPostgres({ config, isNew, log, version }: OpenStoreOptions): Promise<OpenedStore> {
  if (isNew)
    throw new ConfigError(
      '--new is only for SQLite. To start with an empty store, set EVERYWIRE_POSTGRES to an empty database.',
    );
  const data = resolve(config.EVERYWIRE_DATA);
  mkdirSync(data, { recursive: true, mode: OWNER_ONLY });
  const name = describeDatabase(config.EVERYWIRE_POSTGRES);
  log.info(`Everywire ${version} opens the database ${name}`);
  const unused = join(data, 'everywire.sqlite');
  if (existsSync(unused)) log.warn(`store_unused: ${unused} is not used, because EVERYWIRE_POSTGRES is set.`);
  const remedy = 'Check the database server and the connection to it';
  const place = { name: `The database ${name}`, disk: 'The disk of the database', remedy };
  const events = storeEvents(place, log, () => store.health());
  const store: PostgresStore = await createPostgresStore({
    url: config.EVERYWIRE_POSTGRES,
    chatLimits: chatLimitsOf(config),
    positionFile: join(data, 'postgres.position'),
    ...events,
    onEpochBegun: (cause) => log.warn(EPOCH_BEGUN[cause]),
    onDamage: (reason) =>
      log.error(`store_damaged: ${reason}. Check the disk of the database. To recover: docs/guides/postgresql.md`),
    onClockApart: (aheadMs) => log.warn(clockLine(aheadMs)),
    onTransactionHeld: (isHeld) => log.warn(isHeld ? TRANSACTION_HELD : TRANSACTION_HELD_OVER),
    onLimitsDiffer: (error) => {
      log.error(`limits_differ: ${error.message} This server stops.`);
      process.kill(process.pid, 'SIGTERM');
    },
  });
  const { from, to } = store.migration;
  if (from !== to)
    log.info(from === 0 ? `Created the tables, version ${to}` : `Migrated the tables from version ${from} to ${to}`);
  for (const setting of store.unsafeSettings)
    log.warn(
      `store_unsafe: ${setting} is off on the database server, so a power cut can destroy the database. Switch it on.`,
    );
  for (const repaired of store.repaired) log.warn(repairedLine(repaired));
  return {
    store,
    health: () => store.health(),
    isDamaged: () => store.damage().length > 0,
    onDiskFull: events.onDiskFull,
    lastWrittenAt: store.lastWrittenAt,
    onClock: () => undefined,
  };
}

const EPOCH_BEGUN = {
  moved: 'epoch_begun: The database was copied or restored, or another server has taken over. All clients load again.',
  behind:
    'epoch_begun: The database lacks commits that it had before: an older state was put back. All clients load again, and offer to resend what they had sent.',
} as const;

const TRANSACTION_HELD =
  'transaction_held: A transaction that has written to the database server has been open for a minute. Until it ends, every conversation ' +
  'list repeats the changes since its start. Only Everywire may write to this server: check pg_stat_activity and pg_prepared_xacts.';
const TRANSACTION_HELD_OVER = 'transaction_held_over: The long transaction on the database server has ended.';

function repairedLine({ conversation, head, last }: PostgresStore['repaired'][number]): string {
  return (
    `head_repaired: Conversation ${conversation} was recorded with ${head} messages, but has ${last}. Its head and counts are ` +
    'repaired from its messages, and all clients load again. See docs/guides/postgresql.md'
  );
}

function clockLine(aheadMs: number | null): string {
  if (aheadMs === null) return 'clock_apart_over: The clocks of this machine and of the database agree again.';
  const seconds = Math.round(Math.abs(aheadMs) / 1_000);
  return (
    `clock_apart: The clock of this machine is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} that of the database. ` +
    'Messages that other servers accept get different times. Synchronize the clocks by NTP.'
  );
}

/** Returns the host and the name of a database, without user, password and options. */
export function describeDatabase(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
