import type { AccountClient } from '@everywire/chat-client';

const devicesKey = 'everywire.devices';

/** Secrets kept at most. The server accepts no more of them with a log-in. */
const keptMax = 8;

/** A secret begins with the id of its sign-in, so a newer secret of the same sign-in replaces the older one. */
const signInCharacters = 'ewd_'.length + 36;

/**
 * Returns the secrets that this browser sends with a log-in, the newest last. They show the server that somebody has signed in here before, so that
 * strangers who guess passwords for a name cannot block its owner. A secret gives no access and names no account; signing out keeps it.
 */
export function deviceSecrets(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(devicesKey) ?? '[]');
    return Array.isArray(kept) ? kept.filter((secret) => typeof secret === 'string').slice(-keptMax) : [];
  } catch {
    return [];
  }
}

/** Keeps the secret of this sign-in. Never rejects: what did not come this time comes when the page is opened again. */
export async function storeDeviceSecret(account: Pick<AccountClient, 'deviceSecret'>): Promise<void> {
  try {
    const secret = await account.deviceSecret();
    if (secret !== null) addDeviceSecret(secret);
  } catch {
    // Without it, or without storage, this browser is a stranger at the next log-in.
  }
}

function addDeviceSecret(secret: string): void {
  const signIn = secret.slice(0, signInCharacters);
  const others = deviceSecrets().filter((kept) => !kept.startsWith(signIn));
  localStorage.setItem(devicesKey, JSON.stringify([...others, secret].slice(-keptMax)));
}
