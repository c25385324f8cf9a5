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

const fileName = 'everywire.sqlite';

/**
 * The database in the data directory. It is checked for damage before it is copied: of a damaged one, what can be read is copied, and what is damaged
 * is named.
 */
export function createSqliteBackup(config: Config): BackupStore {
  const file = join(resolve(config.EVERYWIRE_DATA), fileName);
  return {
    name: file,
    fileName,
    requireSource: () => {
      if (!existsSync(file)) throw new CommandError(`There is no store at ${file}. EVERYWIRE_DATA says where it is.`);
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
