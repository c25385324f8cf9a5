import type { Person } from '@everywire/chat-client';
import { useChat, useClient } from '@everywire/chat-react';
import { useContext, useEffect, useState } from 'react';
import { ConnectedContext } from '../app/connected-context.js';

/** Other people on the server: unknown, or the first of them. */
export type Others = { readonly known: false } | { readonly known: true; readonly people: readonly Person[] };

/** Loads who else is here: on mount, on each connection, and when the page gets the focus. */
export function useOthers(): Others {
  const client = useClient();
  const { me } = useChat();
  const connected = useContext(ConnectedContext);
  const [others, setOthers] = useState<Others>({ known: false });
  useEffect(() => {
    if (!connected) return;
    let dropped = false;
    const ask = () => {
      if (document.hidden) return;
      client.people('', null).then(
        ({ people }) => {
          if (!dropped) setOthers({ known: true, people: people.filter(({ id }) => id !== me.id) });
        },
        // Keeps the previous answer.
        () => undefined,
      );
    };
    ask();
    document.addEventListener('visibilitychange', ask);
    return () => {
      dropped = true;
      document.removeEventListener('visibilitychange', ask);
    };
  }, [client, me.id, connected]);
  return others;
}
