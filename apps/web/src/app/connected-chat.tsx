import type { ChatClient, SignedIn } from '@everywire/chat-client';
import { ClientContext, useChat } from '@everywire/chat-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { readPreferences } from '../design/preferences.js';
import { stopSound } from '../sound/sounds.js';
import { AccountContext } from './account-context.js';
import type { Backend } from './backend.js';
import { FilesOpenContext } from './files-open-context.js';
import { LazyPart, lazyComponent } from './lazy-component.js';
import { NewVersionBar } from './new-version-bar.js';
import { reloadOutdated } from './reload-outdated.js';
import { SignedOutContext } from './signed-out-context.js';
import { isSignOutElsewhere, markSigningOut } from './stored-account.js';
import { useFilesCookie } from './use-files-cookie.js';

/** The signed-in page, loaded on demand: it is fetched while the session opens, and the sign-in page does not wait for it. */
const chat = lazyComponent(() => import('./chat.js').then((module) => module.Chat));

/**
 * Says who ended the sign-in: the user on this device, or the server (signed out from elsewhere, or the account was suspended or deleted).
 */
export type SignedOutBy = 'person' | 'server';

interface ConnectedChatProps {
  readonly backend: Backend;
  readonly account: SignedIn;
  readonly onSignedOut: (by: SignedOutBy) => void;
}

/** Connects one chat client while the account is signed in, and closes it on unmount. */
export function ConnectedChat({ backend, account, onSignedOut }: ConnectedChatProps) {
  const [client, setClient] = useState<ChatClient | null>(null);
  useEffect(() => {
    // A failure is ignored here: `LazyPart` retries.
    chat.fetch().catch(() => undefined);
    const connected = backend.connect(account, readPreferences().transport);
    setClient(connected);
    const endWithOtherTab = (event: StorageEvent) => {
      if (isSignOutElsewhere(event)) connected.signOut({ notifyServer: false }).catch(() => undefined);
    };
    addEventListener('storage', endWithOtherTab);
    return () => {
      removeEventListener('storage', endWithOtherTab);
      setClient(null);
      stopSound();
      void connected.close();
    };
  }, [backend, account]);
  // Without the cookie, pictures stay placeholders; everything else works.
  const filesOpen = useFilesCookie(backend, account);
  const own = useMemo(() => backend.account(account.token), [backend, account]);
  const leaving = useRef(false);
  const signingOut = useMemo(
    () => ({
      begin: () => {
        leaving.current = true;
        markSigningOut(account);
      },
      end: () => onSignedOut('person'),
    }),
    [onSignedOut, account],
  );
  if (client === null) return null;
  return (
    <ClientContext value={client}>
      <SignedOutContext value={signingOut}>
        <EndsSignedOut onSignedOut={() => onSignedOut(leaving.current ? 'person' : 'server')} />
        <ReloadsOutdated />
        <NewVersionBar close={() => client.close()} />
        <AccountContext value={own}>
          <FilesOpenContext value={filesOpen}>
            <LazyPart of={chat} props={{ backend }} />
          </FilesOpenContext>
        </AccountContext>
      </SignedOutContext>
    </ClientContext>
  );
}

/** Returns to the sign-in page when the sign-in was ended elsewhere or revoked. */
function EndsSignedOut({ onSignedOut }: { readonly onSignedOut: () => void }) {
  const { signedOut } = useChat();
  const latest = useRef(onSignedOut);
  latest.current = onSignedOut;
  useEffect(() => {
    if (signedOut) latest.current();
  }, [signedOut]);
  return null;
}

/** Reloads the page once when the server was updated to another version. */
function ReloadsOutdated() {
  const { connection } = useChat();
  useEffect(() => reloadOutdated(connection), [connection]);
  return null;
}
