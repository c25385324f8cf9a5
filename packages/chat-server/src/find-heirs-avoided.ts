import { randomBytes } from 'node:crypto';
import { type ConversationId, noNeeds, type UserId } from '@everywire/chat';
import type { CommandDependencies } from './command-dependencies.js';

type Dependencies = Pick<CommandDependencies, 'store' | 'accounts' | 'limits' | 'wallNow'>;

/**
 * Returns whom a group or channel passes to only where there is nobody else when `user` leaves it: those of the suspended people and guests who would come
 * first. Looks past `heirsAvoidedMax` of them at most; the next one may follow then.
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
    // One who is avoided is named where there is nobody else.
    if (heir === null || avoided.includes(heir)) return avoided;
    const [account] = await accounts.users([heir]);
    if (account === undefined || (account.role !== 'guest' && account.state === 'active')) return avoided;
    avoided.push(heir);
  }
  return avoided;
}

/** Who would follow now; `null` where the user is no owner, or alone. Asks the store as a change does, and changes nothing. */
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
