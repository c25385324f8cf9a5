import type { ChatClient } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { useState } from 'react';
import { atMost } from '../app/at-most.js';
import { useSignedOut } from '../app/signed-out-context.js';
import { discardAttachments, pendingFileCount } from '../composer/conversation-attachments.js';
import { ConfirmDialog } from '../details/confirm-dialog.js';
import { useWords } from '../i18n/words.js';
import { countThreadDrafts } from '../thread/thread-drafts.js';
import type { UnsentWork } from './unsent-work.js';

/** The longest time to wait for the server, in milliseconds. */
const ANSWER_MS_MAX = 5_000;

/** Renders the sign-out button. Asks first if unsent work would be lost. */
export function SignOutButton() {
  const words = useWords();
  const client = useClient();
  const signingOut = useSignedOut();
  const [busy, setBusy] = useState(false);
  const [losses, setLosses] = useState<UnsentWork | null>(null);
  const signOut = async () => {
    setBusy(true);
    signingOut.begin();
    // Done before the sign-out, because deleting failed uploads on the server needs the session.
    discardAttachments(client);
    // If the server does not answer, the local data is deleted all the same, and the user does not wait for the request to time out.
    await atMost(ANSWER_MS_MAX, client.signOut());
    signingOut.end();
  };
  const ask = () => {
    const found = unsentWork(client);
    if (found.messages + found.files + found.drafts === 0) void signOut();
    else setLosses(found);
  };
  return (
    <div>
      <button type="button" className="button danger" disabled={busy} onClick={ask}>
        {words.signOut}
      </button>
      {losses !== null && (
        <ConfirmDialog
          title={words.signOutTitle}
          text={words.signOutLoses(losses)}
          act={words.signOut}
          onAct={signOut}
          onClose={() => setLosses(null)}
        />
      )}
    </div>
  );
}

function unsentWork(client: ChatClient): UnsentWork {
  const { messages, drafts } = client.unsent();
  return {
    messages,
    files: pendingFileCount(client),
    drafts: drafts + countThreadDrafts(client.getSnapshot().me.id),
  };
}
