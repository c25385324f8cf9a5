import { randomBytes } from 'node:crypto';
import { type ConversationId, noNeeds, type UserId } from '@everywire/chat';
import type { CommandDependencies } from './command-dependencies.js';

type Dependencies = Pick<CommandDependencies, 'store' | 'accounts' | 'limits' | 'wallNow'>;

/**
 * Returns suspended users and guests to avoid as heirs when `user` leaves a group or channel: it passes to them only if
 * no other member remains. Skips at most `heirsAvoidedMax` of them; beyond that, one may become the heir.
 */
export async function findHeirsAvoided(
  user: UserId,
  conversation: ConversationId,
  dependencies: Dependencies,
): Promise<readonly UserId[]> {
  const { accounts, limits } = dependencies;
  const avoided: UserId[] = [];
  while (avoided.length < limits.heirsAvoidedMax) {
    const heir = await findHeir(user, conversation, { ...dependencies, avoided });
    // The store names an avoided heir only if there is no other.
    if (heir === null || avoided.includes(heir)) return avoided;
    const [account] = await accounts.users([heir]);
    if (account === undefined || (account.role !== 'guest' && account.state === 'active')) return avoided;
    avoided.push(heir);
  }
  return avoided;
}

/**
 * Returns the current heir; `null` if the user is not the owner or is alone. Queries the store by a change that is
 * always refused.
 */
async function findHeir(
  user: UserId,
  conversation: ConversationId,
  { store, wallNow, avoided }: Dependencies & { readonly avoided: readonly UserId[] },
): Promise<UserId | null> {
  let heir: UserId | null = null;
  await store.change({
    target: { by: 'id', conversation },
    needs: { ...noNeeds, members: [user], heirOf: user, heirsAvoided: avoided },
    decide: (rows) => {
      if (rows.members.get(user)?.role === 'owner') heir = rows.heir?.user ?? null;
      return { outcome: 'refused', code: 'denied' };
    },
    key: { user, id: randomBytes(16).toString('hex'), hash: '', at: wallNow() },
  });
  return heir;
}
