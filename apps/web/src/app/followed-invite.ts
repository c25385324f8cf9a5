import { type InviteLink, parseInviteLink } from '@everywire/chat-client';
import { useEffect } from 'react';

/** Kept in this tab only while the user signs in, which may involve a redirect to another server and back. */
const STORAGE_KEY = 'everywire.invite';

/**
 * Moves a group invite link (`#join/12/…`) from the address to session storage until someone is signed in. The secret must not stay in the
 * history or on the screen.
 */
export function storeFollowedInvite(): void {
  const link = parseInviteLink(location.href);
  if (link === null) return;
  history.replaceState(null, '', location.pathname + location.search);
  try {
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify(link));
  } catch {
    // Without storage the user must open the link again.
  }
}

/** Returns whether a group invite link was opened and waits for a sign-in. */
export function isInvited(): boolean {
  storeFollowedInvite();
  try {
    return sessionStorage.getItem(STORAGE_KEY) !== null;
  } catch {
    return false;
  }
}

/** Returns the stored link and removes it. */
function takeInvite(): InviteLink | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? 'null') as InviteLink | null;
    sessionStorage.removeItem(STORAGE_KEY);
    return kept;
  } catch {
    return null;
  }
}

/** Calls `onLink` with each group invite link that was opened, including while the page is open. `onLink` must be a stable function. */
export function useFollowedInvite(onLink: (link: InviteLink) => void): void {
  useEffect(() => {
    const follow = () => {
      storeFollowedInvite();
      const link = takeInvite();
      if (link !== null) onLink(link);
    };
    follow();
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, [onLink]);
}
