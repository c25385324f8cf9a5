import type { Accounts, RevokedCredentials, UserId } from '@everywire/chat';
import { alsoIfUnknown } from './also-if-unknown.js';
import type { EndedAccess } from './node-message.js';

interface EndOptions {
  readonly accounts: Accounts;
  readonly onEnded: (ended: EndedAccess) => void;
}

/**
 * Ends sign-ins of a user, and their sessions within a second. Returns how many there were. When the store does not know
 * which have ended, the sessions of `allBut` end at the next check of the sign-ins.
 */
export async function endSignIns(
  { accounts, onEnded }: EndOptions,
  user: UserId,
  ids: RevokedCredentials,
): Promise<number> {
  const ended = await alsoIfUnknown(accounts.revokeCredentials(user, ids), (revoked) => {
    if (revoked !== 'unknown') onEnded({ of: 'credentials', ids: revoked });
    else if (ids === 'all') onEnded({ of: 'user', user });
    else if (!('allBut' in ids)) onEnded({ of: 'credentials', ids });
  });
  return ended.length;
}

/** Refuses all signed tokens dated until `until`, because they cannot be revoked individually, and ends their sessions. */
export async function endSignedTokens({ accounts, onEnded }: EndOptions, user: UserId, until: number): Promise<void> {
  // A suspended account has no valid token, and its time must not move back.
  await alsoIfUnknown(accounts.changeUser(user, { signedOutAt: until }, { state: 'active' }), () =>
    onEnded({ of: 'signed', user, until }),
  );
}
