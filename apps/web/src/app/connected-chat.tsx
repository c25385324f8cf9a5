import type { ChatClient, SignedIn } from '@everywire/chat-client';
import { ClientContext, useChat } from '@everywire/chat-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { readPreferences } from '../look/preferences.js';
import { stopSound } from '../sound/sounds.js';
import { AccountContext } from './account-context.js';
import type { Backend } from './backend.js';
import { FilesOpenContext } from './files-open-context.js';
import { Later, later } from './later.js';
import { NewVersionBar } from './new-version-bar.js';
import { reloadOutdated } from './reload-outdated.js';
import { SignedOutContext } from './signed-out-context.js';
import { isSignOutElsewhere, markSigningOut } from './stored-account.js';
import { useFilesCookie } from './use-files-cookie.js';

/** All that shows conversations. It comes while the session is opened, which takes longer; who is not signed in yet does not wait for it. */
const chat = later(() => import('./chat.js').then((module) => module.Chat));

/** Who ended a sign-in: the person, here, or the server, as from elsewhere or with the account. */
export type SignedOutBy = 'person' | 'server';

interface ConnectedChatProps {
  readonly backend: Backend;
  readonly account: SignedIn;
  readonly onSignedOut: (by: SignedOutBy) => void;
}

/** One chat client for as long as the account is signed in here; closed with the page. */
export function ConnectedChat({ backend, account, onSignedOut }: ConnectedChatProps) {
  const [client, setClient] = useState<ChatClient | null>(null);
  useEffect(() => {
    // Where it does not come, the page asks again.
    chat.fetch().catch(() => undefined);
    const connected = backend.connect(account, readPreferences().transport);
    setClient(connected);
    const endWithOtherTab = (event: StorageEvent) => {
      if (isSignOutElsewhere(event)) connected.signOut({ tellServer: false }).catch(() => undefined);
    };
    addEventListener('storage', endWithOtherTab);
    return () => {
      removeEventListener('storage', endWithOtherTab);
      setClient(null);
      stopSound();
      void connected.close();
    };
  }, [backend, account]);
  // Without it pictures stay their placeholders, and everything else goes on.
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
            <Later of={chat} props={{ backend }} />
          </FilesOpenContext>
        </AccountContext>
      </SignedOutContext>
    </ClientContext>
  );
}

/** Signed out elsewhere or revoked: back to the log-in page. */
function EndsSignedOut({ onSignedOut }: { readonly onSignedOut: () => void }) {
  const { signedOut } = useChat();
  const latest = useRef(onSignedOut);
  latest.current = onSignedOut;
  useEffect(() => {
    if (signedOut) latest.current();
  }, [signedOut]);
  return null;
}

/** The server was updated under this page: it is loaded again, once. */
function ReloadsOutdated() {
  const { connection } = useChat();
  useEffect(() => reloadOutdated(connection), [connection]);
  return null;
}
