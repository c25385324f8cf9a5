import type { AccountStates } from './account-states.js';
import type { Credentials } from './credentials.js';
import type { Links } from './links.js';
import type { People } from './people.js';
import type { SecondFactors } from './second-factors.js';

/**
 * Port (an interface that each database implements): accounts and how they sign in. Separate from `Store`, because a
 * host application may provide its own users.
 *
 * Changes are atomic, and durable before the promise resolves. Methods are idempotent where documented. Expected
 * outcomes are values; methods never throw for them.
 */
export interface Accounts extends People, Credentials, Links, SecondFactors, AccountStates {}
