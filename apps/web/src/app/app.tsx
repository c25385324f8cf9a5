import type { SignedIn } from '@everywire/chat-client';
import { useCallback, useEffect, useState } from 'react';
import { useWords } from '../i18n/words.js';
import { SignInPage } from '../sign-in/sign-in-page.js';
import { forgetAccount, keepAccount, keptAccount } from './account-keeper.js';
import type { Backend } from './backend.js';
import { ConnectedChat } from './connected-chat.js';
import { goToList } from './route.js';

/** Signed in or not: one of two pages. Signing in or out in another tab is followed here. */
export function App({ backend }: { readonly backend: Backend }) {
  const words = useWords();
  const [account, setAccount] = useState<SignedIn | null>(keptAccount);
  const onSignedIn = useCallback((next: SignedIn) => {
    keepAccount(next);
    setAccount(next);
  }, []);
  const onSignedOut = useCallback(() => {
    forgetAccount();
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
    if (account === null) document.title = `${words.signIn} – Everywire`;
  }, [account, words]);
  if (account === null) return <SignInPage backend={backend} onSignedIn={onSignedIn} />;
  return <ConnectedChat key={account.token} backend={backend} account={account} onSignedOut={onSignedOut} />;
}
