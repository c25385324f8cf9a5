import { type InviteLink, parseInviteLink } from '@everywire/chat-client';
import { useEffect } from 'react';

/** Kept while one signs in, for this tab alone: that may lead to another server and back. */
const storageKey = 'everywire.invite';

/**
 * Takes a link to a group (`#join/12/…`) out of the address, where history and screen would keep its secret, and keeps it until somebody is signed in.
 */
export function keepFollowedInvite(): void {
  const link = parseInviteLink(location.href);
  if (link === null) return;
  history.replaceState(null, '', location.pathname + location.search);
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(link));
  } catch {
    // Without storage the link has to be followed again.
  }
}

/** Whether a link to a group was followed to here, and waits until somebody is signed in. */
export function isInvited(): boolean {
  keepFollowedInvite();
  try {
    return sessionStorage.getItem(storageKey) !== null;
  } catch {
    return false;
  }
}

/** The kept link, once. */
function takeInvite(): InviteLink | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(storageKey) ?? 'null') as InviteLink | null;
    sessionStorage.removeItem(storageKey);
    return kept;
  } catch {
    return null;
  }
}

/** Calls back with the link that was followed to here, also where the page was open already. `onLink` has to be steady. */
export function useFollowedInvite(onLink: (link: InviteLink) => void): void {
  useEffect(() => {
    const follow = () => {
      keepFollowedInvite();
      const link = takeInvite();
      if (link !== null) onLink(link);
    };
    follow();
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, [onLink]);
}
