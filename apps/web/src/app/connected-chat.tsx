import type { ChatClient, SignedIn } from '@everywire/chat-client';
import { ClientContext, useChat } from '@everywire/chat-react';
import { useEffect, useMemo, useState } from 'react';
import { readPreferences } from '../look/preferences.js';
import { AccountContext } from './account-context.js';
import type { Backend } from './backend.js';
import { Chat } from './chat.js';
import { FilesOpenContext } from './files-open-context.js';
import { SignedOutContext } from './signed-out-context.js';

interface ConnectedChatProps {
  readonly backend: Backend;
  readonly account: SignedIn;
  readonly onSignedOut: () => void;
}

/** One chat client for as long as the account is signed in here; closed with the page. */
export function ConnectedChat({ backend, account, onSignedOut }: ConnectedChatProps) {
  const [client, setClient] = useState<ChatClient | null>(null);
  useEffect(() => {
    const connected = backend.connect(account, readPreferences().transport);
    setClient(connected);
    return () => {
      setClient(null);
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
            <Chat backend={backend} />
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
