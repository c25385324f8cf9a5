import type { Person } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { useCallback, useEffect, useState } from 'react';

interface FoundPeople {
  readonly people: readonly Person[];
  readonly more: boolean;
  readonly loading: boolean;
  readonly loadMore: () => void;
}

interface Found {
  readonly query: string;
  readonly people: readonly Person[];
  readonly more: boolean;
}

const pauseMs = 150;

/** People whose name holds `query`, asked for when typing pauses; an answer to an older question is dropped. */
export function usePeople(query: string): FoundPeople {
  const client = useClient();
  const [found, setFound] = useState<Found>({ query: '', people: [], more: false });
  const [loading, setLoading] = useState(true);
  useEffect(() => {
    let dropped = false;
    setLoading(true);
    const ask = async () => {
      try {
        const answer = await client.people(query, null);
        if (!dropped) setFound({ query, ...answer });
      } catch {
        // Offline: what was found stays. The wire says why nothing new comes.
      }
      if (!dropped) setLoading(false);
    };
    const timer = setTimeout(ask, query === '' ? 0 : pauseMs);
    return () => {
      dropped = true;
      clearTimeout(timer);
    };
  }, [client, query]);

  const last = found.people.at(-1)?.id ?? null;
  const loadMore = useCallback(() => {
    client.people(query, last).then(
      (answer) => setFound((before) => withPage(before, query, last, answer)),
      () => undefined,
    );
  }, [client, query, last]);
  return { ...found, loading, loadMore };
}

/** The next page, unless the question has changed or another answer to it came first. */
function withPage(before: Found, query: string, after: number | null, page: Omit<Found, 'query'>): Found {
  if (before.query !== query || (before.people.at(-1)?.id ?? null) !== after) return before;
  return { query, people: [...before.people, ...page.people], more: page.more };
}
