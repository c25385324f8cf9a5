export { DEFAULT_POSTGRES_STORE_LIMITS, type PostgresStoreLimits } from './limits.js';
export { type ImportOptions, importPostgresStore } from './opening/import-store.js';
export { createPostgresStore, type PostgresStore, type PostgresStoreOptions } from './opening/postgres-store.js';
export { PostgresStoreError, type PostgresStoreErrorCode } from './opening/postgres-store-error.js';
export { type RestoreOptions, requireEmptyDatabase, restorePostgresStore } from './opening/restore-store.js';
export type { SchemaMigration } from './schema.js';
