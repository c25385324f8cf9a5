import type { SignedIn } from '@everywire/chat-client';
import { useCallback, useEffect, useState } from 'react';
import { useWords } from '../i18n/words.js';
import { LinkPage } from '../sign-in/link-page.js';
import { SignInPage } from '../sign-in/sign-in-page.js';
import { forgetThreadDrafts } from '../thread/thread-drafts.js';
import { forgetAccount, keepAccount, keptAccount } from './account-keeper.js';
import type { Backend } from './backend.js';
import { ConnectedChat } from './connected-chat.js';
import { keepFollowedInvite } from './followed-invite.js';
import { type FollowedLink, takeFollowedLink } from './link-secret.js';
import { goToList } from './route.js';

/** Signed in or not: one of two pages. Signing in or out in another tab is followed here. */
export function App({ backend }: { readonly backend: Backend }) {
  const words = useWords();
  const [account, setAccount] = useState<SignedIn | null>(keptAccount);
  const [link, setLink] = useFollowedLink();
  const onSignedIn = useCallback(
    (next: SignedIn) => {
      keepAccount(next);
      setAccount(next);
      setLink(null);
    },
    [setLink],
  );
  const onSignedOut = useCallback(() => {
    forgetAccount();
    forgetThreadDrafts();
    goToList();
    setAccount(null);
  }, []);
  useEffect(() => {
    const follow = () => {
      const kept = keptAccount();
      setAccount((now) => (now?.token === kept?.token ? now : kept));
    };
    window.addEventListener('storage', follow);
    return () => window.removeEventListener('storage', follow);
  }, []);
  useEffect(() => {
    keepFollowedInvite();
    window.addEventListener('hashchange', keepFollowedInvite);
    return () => window.removeEventListener('hashchange', keepFollowedInvite);
  }, []);
  useEffect(() => {
    if (account === null) document.title = `${words.signIn} – Everywire`;
  }, [account, words]);
  // Whoever is in already has no use for an invitation.
  if (link !== null && (account === null || link.path !== 'join'))
    return <LinkPage key={link.secret} {...{ backend, link, account, onSignedIn }} onDone={() => setLink(null)} />;
  if (account === null) return <SignInPage backend={backend} onSignedIn={onSignedIn} />;
  return <ConnectedChat key={account.token} backend={backend} account={account} onSignedOut={onSignedOut} />;
}

/** The link that was followed to here, also where the page was open already. */
function useFollowedLink() {
  const [link, setLink] = useState<FollowedLink | null>(takeFollowedLink);
  useEffect(() => {
    const follow = () => {
      const followed = takeFollowedLink();
      if (followed !== null) setLink(followed);
    };
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return [link, setLink] as const;
}
