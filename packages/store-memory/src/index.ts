export { MemoryAccounts } from './memory-accounts.js';
export { type MemoryBackup, MemoryStore, type MemoryStoreOptions } from './memory-store.js';
