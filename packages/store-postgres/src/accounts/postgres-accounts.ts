import type { Accounts, ChatLimits } from '@everywire/chat';
import type { Database } from '../database/database.js';
import { createAccountChanges } from './account-changes.js';
import { createAccountStates } from './account-states.js';
import { createCredentials } from './credentials.js';
import { createIdentities } from './identities.js';
import { createLinks } from './links.js';
import { createPeople } from './people.js';
import { createSecondFactors } from './second-factors.js';
import { createSettings } from './settings.js';

/**
 * Creates the `Accounts` port over its tables. Several nodes may share one database. The caller must run `migrate`
 * first and close the database itself.
 */
export function createPostgresAccounts(database: Database, limits: ChatLimits): Accounts {
  const changes = createAccountChanges(database);
  return {
    ...createPeople(database, changes, limits),
    ...createIdentities(database, changes),
    ...createSettings(database),
    ...createCredentials(database, changes, limits),
    ...createLinks(database, changes),
    ...createSecondFactors(database, changes),
    ...createAccountStates(database, changes),
  };
}
