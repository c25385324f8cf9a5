import type { MessageHit, MessagesFound } from '@everywire/chat-client';
import { useClient, useRetryOnReconnect } from '@everywire/chat-react';
import { useEffect, useRef, useState } from 'react';
import { codeOf } from '../app/backend.js';

interface Found extends MessagesFound {
  /** What was asked, and where. */
  readonly query: string;
  readonly conversation: number | null;
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
const nothing: Omit<Found, 'query' | 'conversation'> = { hits: [], next: null, problem: null };

/**
 * Messages that are wanted, in one conversation or anywhere, asked for when typing pauses and shown as they are found; an answer to an older
 * question is dropped.
 */
export function useMessages(query: string, conversation: number | null): Messages {
  const client = useClient();
  const [found, setFound] = useState<Found>({ query: '', conversation, ...nothing });
  // The question that was answered, and not whether one is under way: the first render of the next one must not take an old answer for its own.
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

  // biome-ignore lint/correctness/useExhaustiveDependencies: `search` is of this query and conversation
  useEffect(() => {
    setSettled(null);
    const timer = setTimeout(() => void search([], null), pauseMs);
    return () => {
      clearTimeout(timer);
      running.current?.abort();
    };
  }, [client, query, conversation, repeats]);
  return { ...found, loading: settled !== question, loadMore: () => void search(found.hits, found.next), stop };
}
