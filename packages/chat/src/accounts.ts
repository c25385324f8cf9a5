import type { AccountStates } from './account-states.js';
import type { Credentials } from './credentials.js';
import type { Links } from './links.js';
import type { People } from './people.js';
import type { SecondFactors } from './second-factors.js';

/**
 * Port: who may sign in. Kept apart from `Store`, because a host application may bring its own people.
 *
 * Atomic, durable before the promise resolves. Idempotent where it says so. Never throws for expected outcomes.
 */
export interface Accounts extends People, Credentials, Links, SecondFactors, AccountStates {}
