import type { SignedIn } from '@everywire/chat-client';

const STORAGE_KEY = 'everywire.account';

/** Stored in place of an account that is being signed out. */
const SIGNING_OUT_MARK = '"given up"';

/** Returns the account signed in on this device, or `null` if there is none or the stored value is invalid. */
export function storedAccount(): SignedIn | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null');
    return isAccount(kept) ? kept : null;
  } catch {
    return null;
  }
}

/** Stores the account. Best effort: without storage the sign-in lasts until the page closes. */
export function storeAccount(account: SignedIn): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(account));
  } catch {}
}

/** Removes the stored account. */
export function forgetAccount(): void {
  try {
    localStorage.removeItem(STORAGE_KEY);
  } catch {
    // Without storage, nothing was stored.
  }
}

/**
 * Marks this account as signing out, so that other tabs stop sending before the server ends the session. No-op if another sign-in is
 * stored.
 */
export function markSigningOut({ token }: SignedIn): void {
  if (storedAccount()?.token !== token) return;
  try {
    localStorage.setItem(STORAGE_KEY, SIGNING_OUT_MARK);
  } catch {
    // Without storage, no other tab shares this account.
  }
}

/**
 * Returns whether a storage event means that another tab is signing out. If the server ended the sign-in, unsent messages are kept for the
 * same user instead.
 */
export function isSignOutElsewhere({ key, newValue }: StorageEvent): boolean {
  return key === STORAGE_KEY && newValue === SIGNING_OUT_MARK;
}

function isAccount(kept: unknown): kept is SignedIn {
  if (typeof kept !== 'object' || kept === null) return false;
  const { me, token } = kept as Partial<SignedIn>;
  return typeof token === 'string' && typeof me?.id === 'number' && typeof me.displayName === 'string';
}
