import type { Person } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { useCallback } from 'react';
import { usePagedSearch } from '../app/use-paged-search.js';

interface FoundPeople {
  readonly people: readonly Person[];
  readonly more: boolean;
  readonly loading: boolean;
  /** The error code of the last request, or `null`. */
  readonly problem: string | null;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

/** Searches people by name, page by page. Without a connection it keeps the previous results; the connection row shows the reason. */
export function usePeople(query: string): FoundPeople {
  const client = useClient();
  const ask = useCallback(
    async (wanted: string, after: number | null) => {
      const { people, more } = await client.people(wanted, after);
      return { items: people, next: more ? (people.at(-1)?.id ?? null) : null };
    },
    [client],
  );
  const { items, ...rest } = usePagedSearch(query, ask);
  return { people: items, ...rest };
}
