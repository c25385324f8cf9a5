import type { MessageHit, MessagesFound } from '@everywire/chat-client';
import { useClient, useRetryOnReconnect } from '@everywire/chat-react';
import { useEffect, useRef, useState } from 'react';
import { codeOf } from '../app/backend.js';

interface Found extends MessagesFound {
  /** The query and conversation of these results. */
  readonly query: string;
  readonly conversation: number | null;
  readonly hits: readonly MessageHit[];
  /** The error code of the last request, or `null`. */
  readonly problem: string | null;
}

interface Messages extends Found {
  readonly loading: boolean;
  readonly loadMore: () => void;
  /** Stops a running search. Its results stay, and `loadMore` continues it. */
  readonly stop: () => void;
}

const PAUSE_MS = 200;
const nothing: Omit<Found, 'query' | 'conversation'> = { hits: [], next: null, problem: null };

/**
 * Searches messages in one conversation or in all, when typing pauses, and returns results as they arrive. Drops answers to older queries.
 */
export function useMessages(query: string, conversation: number | null): Messages {
  const client = useClient();
  const [found, setFound] = useState<Found>({ query: '', conversation, ...nothing });
  // The query that was answered, rather than a "loading" flag: the first render of a new query must not present the old results as its own.
  const [settled, setSettled] = useState<string | null>(null);
  const question = `${conversation} ${query}`;
  const { repeats, note } = useRetryOnReconnect();
  const running = useRef<AbortController | null>(null);

  const search = async (before: readonly MessageHit[], after: Found['next']): Promise<void> => {
    const run = new AbortController();
    const { signal } = run;
    running.current = run;
    const show = ({ hits, next }: MessagesFound): void => {
      if (signal.aborted) return;
      setFound({ query, conversation, hits: [...before, ...hits], next, problem: null });
      note(false);
    };
    const fail = (error: unknown): void => {
      if (signal.aborted) return;
      note(true);
      const problem = codeOf(error);
      const isSame = (last: Found): boolean => last.query === query && last.conversation === conversation;
      setFound((last) => ({ ...(isSame(last) ? last : { query, conversation, ...nothing }), problem }));
    };
    setSettled(null);
    await client.search.messages(query, { conversation, after, signal, onProgress: show }).then(show, fail);
    if (!signal.aborted) setSettled(question);
  };
  const stop = (): void => {
    running.current?.abort();
    setSettled(question);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: `search` belongs to this query and conversation
  useEffect(() => {
    setSettled(null);
    const timer = setTimeout(() => void search([], null), PAUSE_MS);
    return () => {
      clearTimeout(timer);
      running.current?.abort();
    };
  }, [client, query, conversation, repeats]);
  return { ...found, loading: settled !== question, loadMore: () => void search(found.hits, found.next), stop };
}
