import type { Accounts, ChatLimits } from '@everywire/chat';
import type { Access } from './access.js';
import type { Database } from './database/database.js';
import type { Searcher } from './search/search-thread.js';
import { createAccountStates } from './sqlite-account-states.js';
import { createCredentials } from './sqlite-credentials.js';
import { createLinks } from './sqlite-links.js';
import { createIdentities, createPeople, createPeopleWrites } from './sqlite-people.js';
import { createSecondFactors } from './sqlite-second-factors.js';

/** Creates the `Accounts` port over its tables. */
export function createSqliteAccounts(
  database: Database,
  access: Access,
  { limits, searcher }: { readonly limits: ChatLimits; readonly searcher: Searcher },
): Accounts {
  const writes = createPeopleWrites(database);
  return {
    ...createPeople(database, access, { limits, writes, searcher }),
    ...createIdentities(database, access, writes),
    ...createCredentials(database, access, limits, writes),
    ...createLinks(database, access, writes),
    ...createSecondFactors(database, access, writes),
    ...createAccountStates(database, access, writes),
  };
}
