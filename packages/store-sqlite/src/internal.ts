export type { Database, OpenOptions, Statement } from './database/database.js';
export { openDatabase } from './database/open-database.js';
