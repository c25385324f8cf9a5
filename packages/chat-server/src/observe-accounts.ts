import type { Accounts, ChangeOfState, UserChange, UserId } from '@everywire/chat';

/**
 * Returns the same accounts, but with methods that call `changed` whenever they change the visible profile of a user. So
 * code that changes accounts need not publish the change itself.
 */
export function observeAccounts(accounts: Accounts, changed: (user: UserId) => void): Accounts {
  const afterState = (user: UserId, outcome: ChangeOfState): ChangeOfState => {
    if (outcome.outcome === 'changed') changed(user);
    return outcome;
  };
  const observed: Pick<Accounts, 'changeUser' | 'redeemLink' | 'suspendUser' | 'reactivateUser' | 'deleteUser'> = {
    suspendUser: async (user, at) => afterState(user, await accounts.suspendUser(user, at)),
    reactivateUser: async (user) => afterState(user, await accounts.reactivateUser(user)),
    deleteUser: async (user, texts, at) => afterState(user, await accounts.deleteUser(user, texts, at)),
    changeUser: async (user, change, condition) => {
      const outcome = await accounts.changeUser(user, change, condition);
      if (outcome.outcome === 'changed' && isSeen(change)) changed(user);
      return outcome;
    },
    redeemLink: async (secretHash, kind, change, now, condition) => {
      const outcome = await accounts.redeemLink(secretHash, kind, change, now, condition);
      if (outcome.outcome === 'changed' && isSeen(change)) changed(change.user);
      return outcome;
    },
  };
  return new Proxy(accounts, {
    get: (target, name) => {
      if (Object.hasOwn(observed, name)) return Reflect.get(observed, name);
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

/** Returns whether the change affects a part of `Profile`. */
function isSeen({ name, displayName, status, avatar, role }: UserChange): boolean {
  return [name, displayName, status, avatar, role].some((part) => part !== undefined);
}
