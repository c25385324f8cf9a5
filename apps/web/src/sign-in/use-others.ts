import type { Person } from '@everywire/chat-client';
import { useChat, useClient } from '@everywire/chat-react';
import { useContext, useEffect, useState } from 'react';
import { ConnectedContext } from '../app/connected-context.js';

/** Who else is on the server: not known, or the first of them. */
export type Others = { readonly known: false } | { readonly known: true; readonly people: readonly Person[] };

/** Asks who else is here: at once, whenever the connection is back, and whenever somebody returns to the page. */
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
        // What was known stays.
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
