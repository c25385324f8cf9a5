import { useChat, useClient } from '@everywire/chat-react';
import { CheckCheck } from 'lucide-react';
import { useState } from 'react';
import { LazyPart } from '../app/lazy-component.js';
import { Icon } from '../design/icon.js';
import { confirmDialog } from '../details/dialogs.js';
import { useWords } from '../i18n/words.js';

/** Renders the "mark all as read" button while anything is unread. Asks first, because the action cannot be undone. */
export function AllReadButton() {
  const words = useWords();
  const { own } = useClient();
  const { conversations } = useChat();
  const [asking, setAsking] = useState(false);
  const unread = conversations.some((entry) => entry.unread > 0 || entry.marked);
  return (
    <>
      {unread && (
        <button
          type="button"
          className="icon"
          aria-label={words.markAllRead}
          title={words.markAllRead}
          onClick={() => setAsking(true)}
        >
          <Icon of={CheckCheck} />
        </button>
      )}
      {asking && (
        <LazyPart
          of={confirmDialog}
          props={{
            title: words.markAllRead,
            text: words.markAllReadWords,
            act: words.markAllRead,
            onAct: async () => own.markAllRead(),
            onClose: () => setAsking(false),
          }}
        />
      )}
    </>
  );
}
