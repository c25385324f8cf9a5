import type { MessageHit, MessagesFound } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { useEffect, useRef, useState } from 'react';
import { codeOf } from '../app/backend.js';

interface Found extends MessagesFound {
  /** What was asked. */
  readonly query: string;
  readonly hits: readonly MessageHit[];
  /** Why nothing could be found. */
  readonly problem: string | null;
}

interface Messages extends Found {
  readonly loading: boolean;
  readonly loadMore: () => void;
  /** Ends a search that goes on; what it found stays, and it can be gone on with. */
  readonly stop: () => void;
}

const pauseMs = 200;
const nothing: Omit<Found, 'query'> = { hits: [], next: null, problem: null };

/**
 * Messages that are wanted, in one conversation or anywhere, asked for when typing pauses and shown as they are found; an answer to an older
 * question is dropped.
 */
export function useMessages(query: string, conversation: number | null): Messages {
  const client = useClient();
  const [found, setFound] = useState<Found>({ query: '', ...nothing });
  const [loading, setLoading] = useState(true);
  const running = useRef<AbortController | null>(null);

  const search = async (before: readonly MessageHit[], after: Found['next']): Promise<void> => {
    const run = new AbortController();
    const { signal } = run;
    running.current = run;
    const show = ({ hits, next }: MessagesFound): void => {
      if (!signal.aborted) setFound({ query, hits: [...before, ...hits], next, problem: null });
    };
    const fail = (error: unknown): void => {
      if (signal.aborted) return;
      const problem = codeOf(error);
      setFound((last) => (last.query === query ? { ...last, problem } : { query, ...nothing, problem }));
    };
    setLoading(true);
    await client.search.messages(query, { conversation, after, signal, onProgress: show }).then(show, fail);
    if (!signal.aborted) setLoading(false);
  };
  const stop = (): void => {
    running.current?.abort();
    setLoading(false);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: `search` is of this query and conversation
  useEffect(() => {
    setLoading(true);
    const timer = setTimeout(() => void search([], null), pauseMs);
    return () => {
      clearTimeout(timer);
      running.current?.abort();
    };
  }, [client, query, conversation]);
  return { ...found, loading, loadMore: () => void search(found.hits, found.next), stop };
}
