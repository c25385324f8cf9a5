import type { ConversationHit, ConversationsFound } from '@everywire/chat-client';
import { useClient, useRetryOnReconnect } from '@everywire/chat-react';
import { useEffect, useState } from 'react';

interface FoundSoFar extends ConversationsFound {
  readonly query: string;
}

interface FoundConversations {
  readonly conversations: readonly ConversationHit[];
  readonly more: boolean;
  readonly loadMore: () => void;
}

const PAUSE_MS = 200;

/**
 * Searches conversations by name, including those not in the loaded list. Without a connection it keeps the previous results; the
 * connection row shows the reason.
 */
export function useConversations(query: string): FoundConversations {
  const client = useClient();
  const [found, setFound] = useState<FoundSoFar>({ query: '', conversations: [], next: null });
  const { repeats, note } = useRetryOnReconnect();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each repeat searches again
  useEffect(() => {
    const run = new AbortController();
    const { signal } = run;
    const ask = () =>
      client.search.conversations(query, { signal }).then(
        (answer) => {
          if (signal.aborted) return;
          setFound({ query, ...answer });
          note(false);
        },
        () => {
          if (!signal.aborted) note(true);
        },
      );
    const timer = query === '' ? null : setTimeout(ask, PAUSE_MS);
    return () => {
      run.abort();
      if (timer !== null) clearTimeout(timer);
    };
  }, [client, query, repeats, note]);

  const { next } = found;
  const loadMore = (): void => {
    client.search.conversations(query, { after: next }).then(
      (page) =>
        setFound((before) => {
          // Dropped if the query has changed or another answer for the same position came first.
          if (before.query !== query || before.next !== next) return before;
          return { query, conversations: [...before.conversations, ...page.conversations], next: page.next };
        }),
      () => undefined,
    );
  };
  const isCurrent = query !== '' && found.query !== '';
  return { conversations: isCurrent ? found.conversations : [], more: isCurrent && next !== null, loadMore };
}
