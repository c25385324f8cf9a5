import { createRequire } from 'node:module';

/** The store's own driver, so that no way has another version of it. */
export const pg = createRequire(new URL('../../packages/store-postgres/package.json', import.meta.url))('pg');
