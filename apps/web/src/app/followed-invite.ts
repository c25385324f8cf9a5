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

/** Returns the group invite link that was opened and waits for a sign-in, or `null`. */
export function waitingInvite(): InviteLink | null {
  storeFollowedInvite();
  try {
    return JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? 'null') as InviteLink | null;
  } catch {
    return null;
  }
}

/** Calls `onLink` with each group invite link that was opened, including while the page is open. `onLink` must be a stable function. */
export function useFollowedInvite(onLink: (link: InviteLink) => void): void {
  useEffect(() => {
    const follow = () => {
      const link = waitingInvite();
      if (link === null) return;
      sessionStorage.removeItem(STORAGE_KEY);
      onLink(link);
    };
    follow();
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, [onLink]);
}
