import type { Accounts, UserChange, UserId } from '@everywire/chat';

/**
 * The same accounts, which tell when what others see of a person is another than before: whoever changes somebody, by whatever way, need not
 * think of those who look.
 */
export function observeAccounts(accounts: Accounts, changed: (user: UserId) => void): Accounts {
  const observed: Pick<Accounts, 'changeUser' | 'redeemLink'> = {
    changeUser: async (user, change) => {
      const outcome = await accounts.changeUser(user, change);
      if (outcome.outcome === 'changed' && isSeen(change)) changed(user);
      return outcome;
    },
    redeemLink: async (secretHash, kind, change, now) => {
      const outcome = await accounts.redeemLink(secretHash, kind, change, now);
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

/** Whether it is about anything that a `Profile` is made of. */
function isSeen({ name, displayName, status, avatar, role }: UserChange): boolean {
  return [name, displayName, status, avatar, role].some((part) => part !== undefined);
}
