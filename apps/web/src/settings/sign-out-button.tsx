import type { ChatClient } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { useState } from 'react';
import { atMost } from '../app/at-most.js';
import { useSignedOut } from '../app/signed-out-context.js';
import { discardAttachments, pendingFileCount } from '../composer/conversation-attachments.js';
import { ConfirmDialog } from '../details/confirm-dialog.js';
import { useWords } from '../i18n/words.js';
import { countThreadDrafts } from '../thread/thread-drafts.js';
import type { Losses } from './losses.js';

/** How long the server is waited for, milliseconds. */
const answerMsMax = 5_000;

/** Signs out, after a question where something would be lost. */
export function SignOutButton() {
  const words = useWords();
  const client = useClient();
  const signingOut = useSignedOut();
  const [busy, setBusy] = useState(false);
  const [losses, setLosses] = useState<Losses | null>(null);
  const signOut = async () => {
    setBusy(true);
    signingOut.begin();
    // What failed to go up is removed at the server too, as long as this sign-in is good for it.
    discardAttachments(client);
    // Where the server could not be asked, what is kept here is forgotten all the same; and it has ended for the person long before a request
    // that nobody answers has.
    await atMost(answerMsMax, client.signOut());
    signingOut.end();
  };
  const ask = () => {
    const found = lossesOf(client);
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

function lossesOf(client: ChatClient): Losses {
  const { messages, drafts } = client.unsent();
  return {
    messages,
    files: pendingFileCount(client),
    drafts: drafts + countThreadDrafts(client.getSnapshot().me.id),
  };
}
