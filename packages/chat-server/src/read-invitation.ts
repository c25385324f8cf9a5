import type { Accounts, ChatErrorCode, Outline, Store, User } from '@everywire/chat';
import { hashSecret } from './hash-secret.js';

interface ReadInvitationOptions {
  readonly store: Pick<Store, 'invitation'>;
  readonly accounts: Pick<Accounts, 'users'>;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
}

/** What a link to a group or channel leads to. `by`: its creator; `null` if anyone may join without a secret. */
interface ReadInvitation {
  readonly outline: Outline;
  readonly by: User | null;
}

/** Returns what a link leads to, or the code why it admits no one, as `join` would. */
export async function readInvitation(
  { conversation, secret }: { readonly conversation: number; readonly secret: string | null },
  { store, accounts, wallNow }: ReadInvitationOptions,
): Promise<ReadInvitation | Extract<ChatErrorCode, 'not_found' | 'invite_ended'>> {
  const hash = secret === null ? null : hashSecret(secret);
  const answer = await store.invitation(conversation, hash, wallNow());
  if (answer.outcome !== 'invitation') return answer.outcome;
  const [by = null] = answer.creator === null ? [] : await accounts.users([answer.creator]);
  // Same as `join`.
  return by?.state === 'suspended' ? 'invite_ended' : { outline: answer.outline, by };
}
