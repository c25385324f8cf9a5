import type { SignedIn } from '@everywire/chat-client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { forgetRecentEmojis } from '../emoji/recent-emojis.js';
import { useWords } from '../i18n/words.js';
import { SignInPage } from '../sign-in/sign-in-page.js';
import { forgetThreadDrafts } from '../thread/thread-drafts.js';
import type { Backend } from './backend.js';
import { ConnectedChat, type SignedOutBy } from './connected-chat.js';
import { storeFollowedInvite } from './followed-invite.js';
import { LazyPart, lazyComponent } from './lazy-component.js';
import { type FollowedLink, forgetFollowedLink, storedLink, takeFollowedLink } from './link-secret.js';
import { NewVersionBar } from './new-version-bar.js';
import { goToList } from './route.js';
import { forgetAccount, storeAccount, storedAccount } from './stored-account.js';

/** Loaded on demand, because few visitors arrive by a link. */
const linkPage = lazyComponent(() => import('../sign-in/link-page.js').then((module) => module.LinkPage));

/** Renders the chat when signed in, otherwise the sign-in page. Follows a sign-in or sign-out in another tab. */
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
    // If another tab has signed in again in the meantime, that newer sign-in stays.
    const next = kept?.token === token.current ? null : kept;
    const isEnded = by === 'server' && next === null;
    setEnded(isEnded);
    if (next === null) {
      forgetAccount();
      forgetThreadDrafts();
      forgetRecentEmojis();
    }
    // After a sign-in that the server ended, the next one continues at the same place.
    if (!isEnded) goToList();
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
    // Best effort: whatever could not be erased now is erased at the next start of the page.
    backend.eraseOtherAccounts(user).catch(() => undefined);
  }, [backend, user]);
  useEffect(() => {
    storeFollowedInvite();
    window.addEventListener('hashchange', storeFollowedInvite);
    return () => window.removeEventListener('hashchange', storeFollowedInvite);
  }, []);
  useEffect(() => {
    if (account === null) document.title = `${words.signIn} – Everywire`;
  }, [account, words]);
  if (link !== null)
    return (
      <>
        <NewVersionBar />
        <LazyPart key={link.secret} of={linkPage} props={{ backend, link, account, onSignedIn, onDone: leaveLink }} />
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

/** Returns the account link that was opened, including one opened in this tab or kept over a reload, and a function that discards it. */
function useFollowedLink(signedIn: boolean) {
  const [link, setLink] = useState<FollowedLink | null>(() => takeFollowedLink() ?? storedLink());
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
  // Someone who is signed in does not need an invitation.
  const isUseless = signedIn && link?.path === 'join';
  useEffect(() => {
    if (isUseless) leave();
  }, [isUseless, leave]);
  return [isUseless ? null : link, leave] as const;
}
