import { randomBytes } from 'node:crypto';
import { type ConversationId, noNeeds, type UserId } from '@everywire/chat';
import type { CommandDependencies } from './command-dependencies.js';

type Dependencies = Pick<CommandDependencies, 'store' | 'accounts' | 'limits' | 'wallNow'>;

/**
 * Returns the members to avoid as heirs when `user` leaves a group or channel. The heir is the member who becomes the
 * owner. Suspended users and guests become heirs only if no other member remains. Returns at most `heirsAvoidedMax` of
 * them; if there are more, one of the others may become the heir.
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
    // The store returns an avoided heir only if there is no other.
    if (heir === null || avoided.includes(heir)) return avoided;
    const [account] = await accounts.users([heir]);
    if (account === undefined || (account.role !== 'guest' && account.state === 'active')) return avoided;
    avoided.push(heir);
  }
  return avoided;
}

/**
 * Returns the member who would become the owner if the user left now; `null` if the user is not the owner or is the
 * only member. Asks the store by a planned change that is always refused, because only a change computes the heir.
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
