import type { OpenedStore, OpenStoreOptions } from './opened-store.js';

/** Opens the store that the settings name. Loads only that kind of store. */
export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  if (options.config.EVERYWIRE_POSTGRES === '') {
    const { openSqlite } = await import('./open-sqlite.js');
    return openSqlite(options);
  }
  const { openPostgres } = await import('./open-postgres.js');
  return openPostgres(options);
}
