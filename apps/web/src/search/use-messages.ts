import type { MessageHit, MessagesFound } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { useEffect, useState } from 'react';
import { codeOf } from '../app/backend.js';

interface Found extends MessagesFound {
  /** What was asked. */
  readonly query: string;
  readonly hits: readonly MessageHit[];
  /** Why nothing could be found. */
  readonly problem: string | null;
}

const pauseMs = 200;
const nothing: Omit<Found, 'query'> = { hits: [], next: null, problem: null };

/** Messages that are wanted, asked for when typing pauses; an answer to an older question is dropped. */
export function useMessages(query: string): Found & { readonly loading: boolean; readonly loadMore: () => void } {
  const client = useClient();
  const [found, setFound] = useState<Found>({ query: '', ...nothing });
  const [loading, setLoading] = useState(true);
  useEffect(() => {
    let dropped = false;
    setLoading(true);
    const ask = async () => {
      const answer = await client.search.messages(query).then(
        (messages) => ({ ...nothing, ...messages }),
        (error: unknown) => ({ ...nothing, problem: codeOf(error) }),
      );
      if (dropped) return;
      setFound({ query, ...answer });
      setLoading(false);
    };
    const timer = setTimeout(ask, pauseMs);
    return () => {
      dropped = true;
      clearTimeout(timer);
    };
  }, [client, query]);

  const { next } = found;
  const loadMore = (): void => {
    setLoading(true);
    client.search
      .messages(query, { after: next })
      .then(
        (answer) => setFound((before) => withPage(before, query, next, answer)),
        (error: unknown) => setFound((before) => ({ ...before, problem: codeOf(error) })),
      )
      .finally(() => setLoading(false));
  };
  return { ...found, loading, loadMore };
}

/** The next page, unless the question has changed or another answer to it came first. */
function withPage(before: Found, query: string, after: Found['next'], page: MessagesFound): Found {
  if (before.query !== query || before.next !== after) return before;
  return { ...before, ...page, hits: [...before.hits, ...page.hits], problem: null };
}
