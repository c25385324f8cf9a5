import type { Accounts, UserId } from '@everywire/chat';
import { RestRefusal } from './error-codes.js';

/**
 * Finds out whether the store has refused a change because the account is no longer active. Call it only after a refusal.
 * It does not protect a later change, because the store itself checks the account in the same step as the change.
 * @throws RestRefusal `unauthenticated` if the account is not active
 */
export async function refuseInactive(accounts: Pick<Accounts, 'users'>, user: UserId): Promise<void> {
  const [known] = await accounts.users([user]);
  if (known?.state !== 'active') throw new RestRefusal('unauthenticated');
}
