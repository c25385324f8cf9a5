import type { SignedIn } from '@everywire/chat-client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { forgetRecentEmojis } from '../emoji/recent-emojis.js';
import { useWords } from '../i18n/words.js';
import { SignInPage } from '../sign-in/sign-in-page.js';
import { forgetThreadDrafts } from '../thread/thread-drafts.js';
import type { Backend } from './backend.js';
import { ConnectedChat, type SignedOutBy } from './connected-chat.js';
import { keepFollowedInvite } from './followed-invite.js';
import { Later, later } from './later.js';
import { type FollowedLink, forgetFollowedLink, keptLink, takeFollowedLink } from './link-secret.js';
import { NewVersionBar } from './new-version-bar.js';
import { goToList } from './route.js';
import { forgetAccount, storeAccount, storedAccount } from './stored-account.js';

/** Few come by a link, and everybody else would load its page for nothing. */
const linkPage = later(() => import('../sign-in/link-page.js').then((module) => module.LinkPage));

/** Signed in or not: one of two pages. Signing in or out in another tab is followed here. */
export function App({ backend }: { readonly backend: Backend }) {
  const words = useWords();
  const [account, setAccount] = useState<SignedIn | null>(storedAccount);
  const [link, leaveLink] = useFollowedLink(account !== null);
  const [ended, setEnded] = useState(false);
  const onSignedIn = useCallback(
    (next: SignedIn) => {
      storeAccount(next);
      setAccount(next);
      leaveLink();
      setEnded(false);
    },
    [leaveLink],
  );
  const token = useRef<string | null>(null);
  token.current = account?.token ?? null;
  const onSignedOut = useCallback((by: SignedOutBy) => {
    const kept = storedAccount();
    // Where another tab has signed in since, that sign-in is not the one that has ended.
    const next = kept?.token === token.current ? null : kept;
    setEnded(by === 'server' && next === null);
    if (next === null) {
      forgetAccount();
      forgetThreadDrafts();
      forgetRecentEmojis();
    }
    goToList();
    setAccount(next);
  }, []);
  useEffect(() => {
    const follow = () => {
      const kept = storedAccount();
      setEnded(false);
      setAccount((now) => (now?.token === kept?.token ? now : kept));
    };
    window.addEventListener('storage', follow);
    return () => window.removeEventListener('storage', follow);
  }, []);
  const user = account?.me.id ?? null;
  useEffect(() => {
    // Best effort: what could not be erased is erased when the page starts the next time.
    backend.eraseOtherAccounts(user).catch(() => undefined);
  }, [backend, user]);
  useEffect(() => {
    keepFollowedInvite();
    window.addEventListener('hashchange', keepFollowedInvite);
    return () => window.removeEventListener('hashchange', keepFollowedInvite);
  }, []);
  useEffect(() => {
    if (account === null) document.title = `${words.signIn} – Everywire`;
  }, [account, words]);
  if (link !== null)
    return (
      <>
        <NewVersionBar />
        <Later key={link.secret} of={linkPage} props={{ backend, link, account, onSignedIn, onDone: leaveLink }} />
      </>
    );
  if (account === null)
    return (
      <>
        <NewVersionBar />
        <SignInPage backend={backend} ended={ended} onSignedIn={onSignedIn} />
      </>
    );
  return <ConnectedChat key={account.token} backend={backend} account={account} onSignedOut={onSignedOut} />;
}

/** The link that was followed to here, also where the page was open already or was reloaded since; and what leaves it. */
function useFollowedLink(signedIn: boolean) {
  const [link, setLink] = useState<FollowedLink | null>(() => takeFollowedLink() ?? keptLink());
  const leave = useCallback(() => {
    forgetFollowedLink();
    setLink(null);
  }, []);
  useEffect(() => {
    const follow = () => {
      const followed = takeFollowedLink();
      if (followed !== null) setLink(followed);
    };
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  // A person who is in already has no use for an invitation.
  const isUseless = signedIn && link?.path === 'join';
  useEffect(() => {
    if (isUseless) leave();
  }, [isUseless, leave]);
  return [isUseless ? null : link, leave] as const;
}
