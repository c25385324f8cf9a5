import type { AccountClient } from '@everywire/chat-client';

const DEVICES_KEY = 'everywire.devices';

/** The maximum number of secrets kept, which is the most that the server accepts with a sign-in. */
const KEPT_MAX = 8;

/** A secret begins with the id of its sign-in, so a newer secret of the same sign-in replaces the older one. */
const signInCharacters = 'ewd_'.length + 36;

/**
 * Returns the secrets that this browser sends with a sign-in, the newest last. They prove that a user has signed in here before, so that
 * strangers who guess passwords for a name cannot lock its owner out. A secret grants no access and names no account; it is kept on
 * sign-out.
 */
export function deviceSecrets(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(DEVICES_KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((secret) => typeof secret === 'string').slice(-KEPT_MAX) : [];
  } catch {
    return [];
  }
}

/** Stores the secret of this sign-in. Never rejects: a failure is retried the next time the page opens. */
export async function storeDeviceSecret(account: Pick<AccountClient, 'deviceSecret'>): Promise<void> {
  try {
    const secret = await account.deviceSecret();
    if (secret !== null) addDeviceSecret(secret);
  } catch {
    // Without a secret or without storage, the server does not recognise this browser at the next sign-in.
  }
}

function addDeviceSecret(secret: string): void {
  const signIn = secret.slice(0, signInCharacters);
  const others = deviceSecrets().filter((kept) => !kept.startsWith(signIn));
  localStorage.setItem(DEVICES_KEY, JSON.stringify([...others, secret].slice(-KEPT_MAX)));
}
