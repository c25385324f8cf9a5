import type { Accounts, UserId } from '@everywire/chat';
import { RestRefusal } from './error-codes.js';

/**
 * Explains why the store refused a change.
 * @throws RestRefusal `unauthenticated` if the account is no longer active. Protects nothing: the store checks the
 *   account in the same step as the change
 */
export async function refuseInactive(accounts: Pick<Accounts, 'users'>, user: UserId): Promise<void> {
  const [known] = await accounts.users([user]);
  if (known?.state !== 'active') throw new RestRefusal('unauthenticated');
}
