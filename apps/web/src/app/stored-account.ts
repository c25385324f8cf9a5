import type { SignedIn } from '@everywire/chat-client';

const storageKey = 'everywire.account';

/** In the place of an account whose person is signing out. */
const givenUp = '"given up"';

/** The account signed in on this device, or `null`. What is there but is no account is treated as nobody. */
export function storedAccount(): SignedIn | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? 'null');
    return isAccount(kept) ? kept : null;
  } catch {
    return null;
  }
}

export function storeAccount(account: SignedIn): void {
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

/** Its person signs out: other tabs hear of it before the server does, and send nothing any more either. Without effect where another sign-in is kept. */
export function markSigningOut({ token }: SignedIn): void {
  if (storedAccount()?.token !== token) return;
  try {
    localStorage.setItem(storageKey, givenUp);
  } catch {
    // Then there are no other tabs of this account.
  }
}

/** Whether another tab gives up the account. Where the server ended the sign-in, what is unsent waits for the same person instead. */
export function isSignOutElsewhere({ key, newValue }: StorageEvent): boolean {
  return key === storageKey && newValue === givenUp;
}

function isAccount(kept: unknown): kept is SignedIn {
  if (typeof kept !== 'object' || kept === null) return false;
  const { me, token } = kept as Partial<SignedIn>;
  return typeof token === 'string' && typeof me?.id === 'number' && typeof me.displayName === 'string';
}
