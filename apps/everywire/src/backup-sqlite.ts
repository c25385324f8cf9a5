import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  checkRestoreTarget,
  checkSqliteStore,
  copyDamagedSqliteStore,
  copySqliteStore,
  describeDamage,
  describeGivenUp,
  restoreSqliteStore,
} from '@everywire/store-sqlite';
import { type BackupStore, CommandError } from './backup-store.js';
import type { Config } from './settings.js';

const FILE_NAME = 'everywire.sqlite';

/**
 * Backs up and restores the database in the data directory. Checks it for damage before copying. Of a damaged database,
 * copies the readable part and reports the damage.
 */
export function createSqliteBackup(config: Config): BackupStore {
  const file = join(resolve(config.EVERYWIRE_DATA), FILE_NAME);
  return {
    name: file,
    fileName: FILE_NAME,
    requireSource: () => {
      if (!existsSync(file))
        throw new CommandError(`There is no store at ${file}. Set EVERYWIRE_DATA to its directory.`);
    },
    copyTo: async (backup) => {
      const damage = checkSqliteStore({ file }).map(describeDamage);
      if (damage.length > 0) return { damage, lacks: describeGivenUp(copyDamagedSqliteStore({ file, backup })) };
      copySqliteStore({ file, backup });
      return { damage, lacks: [] };
    },
    requireTarget: async () => checkRestoreTarget(file),
    restoreFrom: async (backup, { keepSignIns }) => {
      restoreSqliteStore({ backup, file, keepSignIns });
      return checkSqliteStore({ file }).map(describeDamage);
    },
  };
}
