export { checkPostgresStore, type PostgresCheck } from './check/check-store.js';
export { PostgresStoreError, type PostgresStoreErrorCode } from './database/postgres-store-error.js';
export { requireUsableUrl } from './database/store-connection.js';
export { DEFAULT_POSTGRES_STORE_LIMITS, type PostgresStoreLimits } from './limits.js';
export type { EpochCause } from './opening/data-place.js';
export { type ImportOptions, importPostgresStore } from './opening/import-store.js';
export { createPostgresStore, type PostgresStore, type PostgresStoreOptions } from './opening/postgres-store.js';
export {
  forgetPostgresPlace,
  prepareRestore,
  type RestoreOptions,
  requireEmptyDatabase,
  restorePostgresStore,
} from './opening/restore-store.js';
export type { SchemaMigration } from './schema.js';
