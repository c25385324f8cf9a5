import { useState } from 'react';
import { useChat, useClient } from '../app/client-context.js';
import { useSignedOut } from '../app/signed-out-context.js';
import { useWords } from '../i18n/words.js';
import { Avatar } from '../look/avatar.js';

export function AccountSettings() {
  const words = useWords();
  const client = useClient();
  const onSignedOut = useSignedOut();
  const { me } = useChat();
  const [busy, setBusy] = useState(false);
  const signOut = async () => {
    setBusy(true);
    try {
      await client.signOut();
    } finally {
      // Also where the server could not be told: what is kept here is forgotten either way.
      onSignedOut();
    }
  };
  return (
    <>
      <h3>{words.account}</h3>
      <div className="me">
        <Avatar id={me.id} name={me.displayName} kind="person" />
        <div>
          <b dir="auto">{me.displayName}</b>
          <small>
            <bdi>{me.name}</bdi>
          </small>
        </div>
      </div>
      <div className="opt">
        <b>{words.signOut}</b>
        <p>{words.signOutWords}</p>
        <button
          type="button"
          className="button danger"
          disabled={busy}
          onClick={() => void signOut().catch(() => undefined)}
        >
          {words.signOut}
        </button>
      </div>
    </>
  );
}
