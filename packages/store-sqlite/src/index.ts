export type { CheckpointMode } from './connection.js';
export { copySqliteStore } from './copy-store.js';
export type { CommitHealth } from './group-commit.js';
export { DEFAULT_SQLITE_STORE_LIMITS, type SqliteStoreLimits } from './limits.js';
export type { MigrationOutcome } from './migrate.js';
export { restoreSqliteStore } from './restore-store.js';
export { createSqliteStore, type SqliteStore, type SqliteStoreOptions } from './sqlite-store.js';
export { StoreFileError, type StoreFileErrorCode } from './store-file-error.js';
