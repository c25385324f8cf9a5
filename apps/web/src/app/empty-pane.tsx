import type { ServerInfo } from '@everywire/chat-client';
import { useEffect, useState } from 'react';
import { useWords } from '../i18n/words.js';
import { FirstRun } from '../sign-in/first-run.js';
import type { Backend } from './backend.js';
import { useChat } from './client-context.js';
import '../pane/pane.css';

/** No conversation is open: the first run where there is none yet, else a word on what to do. */
export function EmptyPane({ backend, onNewGroup }: { readonly backend: Backend; readonly onNewGroup: () => void }) {
  const words = useWords();
  const { conversations, loading } = useChat();
  const registration = useRegistration(backend);
  if (loading) return <section className="pane" />;
  if (conversations.length > 0) {
    return (
      <section className="pane">
        <p className="empty-log">{words.pickSomeone}</p>
      </section>
    );
  }
  return (
    <section className="pane">
      <FirstRun registration={registration} onNewGroup={onNewGroup} />
    </section>
  );
}

function useRegistration(backend: Backend): ServerInfo['registration'] {
  const [registration, setRegistration] = useState<ServerInfo['registration']>('open');
  useEffect(() => {
    let dropped = false;
    backend.place().then(
      (place) => {
        if (!dropped) setRegistration(place.registration);
      },
      () => undefined,
    );
    return () => {
      dropped = true;
    };
  }, [backend]);
  return registration;
}
