import type { Accounts, NewUser, User } from '@everywire/chat';

/** When people of the contracts come, in milliseconds since 1970. */
export const start = 1_700_000_000_000;

export function newUser(login: string, more: Partial<NewUser> = {}): NewUser {
  return { name: login, displayName: login, passwordHash: `hash of ${login}`, createdAt: start, ...more };
}

export async function registerUser(accounts: Accounts, login: string, more: Partial<NewUser> = {}): Promise<User> {
  const user = await accounts.createUser(newUser(login, more));
  if (user === null) throw new Error(`${login} is taken`);
  return user;
}
