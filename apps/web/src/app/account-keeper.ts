import type { SignedIn } from '@everywire/chat-client';

const storageKey = 'everywire.account';

/** The account signed in on this device, or `null`. What is there but is no account is treated as nobody. */
export function keptAccount(): SignedIn | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? 'null');
    return isAccount(kept) ? kept : null;
  } catch {
    return null;
  }
}

export function keepAccount(account: SignedIn): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(account));
  } catch {
    // Without storage one is signed in until the page is closed.
  }
}

export function forgetAccount(): void {
  try {
    localStorage.removeItem(storageKey);
  } catch {
    // Nothing was kept either.
  }
}

function isAccount(kept: unknown): kept is SignedIn {
  if (typeof kept !== 'object' || kept === null) return false;
  const { me, token } = kept as Partial<SignedIn>;
  return typeof token === 'string' && typeof me?.id === 'number' && typeof me.displayName === 'string';
}
