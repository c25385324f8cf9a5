import type { Accounts, UserId } from '@everywire/chat';
import { RestRefusal } from './error-codes.js';

/**
 * Throws `unauthenticated` where the account is not active any more. It says why the store refused a change and protects nothing: the store itself checks the
 * account in the same step as the change.
 */
export async function refuseInactive(accounts: Pick<Accounts, 'users'>, user: UserId): Promise<void> {
  const [known] = await accounts.users([user]);
  if (known?.state !== 'active') throw new RestRefusal('unauthenticated');
}
