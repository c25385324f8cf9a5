import type { ChatClient, SignedIn } from '@everywire/chat-client';
import { ClientContext, useChat } from '@everywire/chat-react';
import { useEffect, useMemo, useState } from 'react';
import { readPreferences } from '../look/preferences.js';
import { stopSound } from '../sound/sounds.js';
import { AccountContext } from './account-context.js';
import type { Backend } from './backend.js';
import { FilesOpenContext } from './files-open-context.js';
import { Later, later } from './later.js';
import { SignedOutContext } from './signed-out-context.js';

/** All that shows conversations. It comes while the session is opened, which takes longer; who is not signed in yet does not wait for it. */
const chat = later(() => import('./chat.js').then((module) => module.Chat));

interface ConnectedChatProps {
  readonly backend: Backend;
  readonly account: SignedIn;
  readonly onSignedOut: () => void;
}

/** One chat client for as long as the account is signed in here; closed with the page. */
export function ConnectedChat({ backend, account, onSignedOut }: ConnectedChatProps) {
  const [client, setClient] = useState<ChatClient | null>(null);
  useEffect(() => {
    // Where it does not come, the page asks again.
    chat.fetch().catch(() => undefined);
    const connected = backend.connect(account, readPreferences().transport);
    setClient(connected);
    return () => {
      setClient(null);
      stopSound();
      void connected.close();
    };
  }, [backend, account]);
  const [filesOpen, setFilesOpen] = useState(false);
  useEffect(() => {
    // Without it pictures stay their placeholders, and everything else goes on.
    const done = () => setFilesOpen(true);
    backend.openFiles(account).then(done, done);
  }, [backend, account]);
  const own = useMemo(() => backend.account(account.token), [backend, account]);
  if (client === null) return null;
  return (
    <ClientContext value={client}>
      <SignedOutContext value={onSignedOut}>
        <EndsSignedOut onSignedOut={onSignedOut} />
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
  useEffect(() => {
    if (signedOut) onSignedOut();
  }, [signedOut, onSignedOut]);
  return null;
}
