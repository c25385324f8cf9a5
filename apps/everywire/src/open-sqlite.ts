import { join, resolve } from 'node:path';
import { createSqliteStore, type SqliteStore } from '@everywire/store-sqlite';
import { filesDirectory } from './attachments.js';
import { damageLine } from './damage-line.js';
import { checkFormerPlace } from './former-place.js';
import type { OpenedStore, OpenStoreOptions } from './opened-store.js';
import { chatLimitsOf } from './server-settings.js';
import { storeEvents } from './store-events.js';

/** Opens the database in the data directory. */
export function openSqlite({ config, isNew, log, version }: OpenStoreOptions): OpenedStore {
  const data = resolve(config.EVERYWIRE_DATA);
  const file = join(data, 'everywire.sqlite');
  log.info(`Everywire ${version} opens the store ${file}`);
  checkFormerPlace(filesDirectory(config), file, isNew);
  const remedy =
    'Reading works. Check the disk, its quota, the limits of the process, and other programs that use the file';
  const events = storeEvents({ name: file, disk: 'The disk', remedy }, log, () => store.health());
  const store: SqliteStore = createSqliteStore({
    file,
    isNew,
    chatLimits: chatLimitsOf(config),
    ...events,
    onAcknowledgedLost: ({ acknowledged, stored, missing }) =>
      log.error(
        `acknowledged_lost: ${missing} acknowledged ${missing === 1 ? 'change is' : 'changes are'} missing from ${file}. ` +
          `It ends at position ${stored}, but ${acknowledged} was acknowledged. Its write-ahead log was cut, damaged or removed, ` +
          'or an older copy replaced it. The store gets a new epoch, so clients fetch everything again and offer to resend ' +
          'what they had sent. Check the disk, and restore a backup if one is newer.',
      ),
    onCheckpointerLost: (reason) => log.error('The checkpoint thread ended. Checkpoints now run in commits.', reason),
    onDamage: (damage) => log.error(damageLine(damage)),
    onDamageCheckFailed: (reason) => log.error('The check of the store for damage failed. Retrying tomorrow.', reason),
    onSearcherLost: (reason) => log.error('The search thread ended. Searches are refused until it restarts.', reason),
    onEraserFailed: (reason) => log.error('Could not erase the messages of a deleted conversation. Retrying.', reason),
  });
  const { from, to, backup } = store.migration;
  if (backup !== null)
    log.info(`The store was migrated from version ${from} to ${to}; a copy of the old one is ${backup}`);
  else if (from !== to) log.info(`Created the store, version ${to}`);
  return {
    store,
    health: () => store.health(),
    isDamaged: () => store.damage().length > 0,
    onDiskFull: events.onDiskFull,
    lastWrittenAt: store.lastWrittenAt,
    onClock: store.followClock,
  };
}
