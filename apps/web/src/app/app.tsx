import { useCallback, useEffect, useState } from 'react';
import { useWords } from '../i18n/words.js';
import { SignInPage } from '../sign-in/sign-in-page.js';
import { forgetAccount, keepAccount, keptAccount } from './account-keeper.js';
import type { Account, Backend } from './backend.js';
import { goToList } from './route.js';
import { SignedIn } from './signed-in.js';

/** Signed in or not: one of two pages. Signing in or out in another tab is followed here. */
export function App({ backend }: { readonly backend: Backend }) {
  const words = useWords();
  const [account, setAccount] = useState<Account | null>(keptAccount);
  const onSignedIn = useCallback((next: Account) => {
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
  return <SignedIn key={account.token} backend={backend} account={account} onSignedOut={onSignedOut} />;
}
