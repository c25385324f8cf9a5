import type { Accounts, NewUser, User } from '@everywire/chat';

/** The time at which contract tests begin, ms since the epoch. */
export const START = 1_700_000_000_000;

/** Returns the data of a new member. */
export function newUser(login: string, more: Partial<NewUser> = {}): NewUser {
  return { name: login, displayName: login, passwordHash: `hash of ${login}`, createdAt: START, ...more };
}

/** Creates a user who must not exist yet. */
export async function registerUser(accounts: Accounts, login: string, more: Partial<NewUser> = {}): Promise<User> {
  const user = await accounts.createUser(newUser(login, more));
  if (user === null) throw new Error(`${login} is taken`);
  return user;
}
