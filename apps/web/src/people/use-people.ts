import type { Person } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { useCallback } from 'react';
import { usePagedSearch } from '../app/use-paged-search.js';

interface FoundPeople {
  readonly people: readonly Person[];
  readonly more: boolean;
  readonly loading: boolean;
  /** The code of why there is no newer answer. */
  readonly problem: string | null;
  readonly loadMore: () => void;
}

/** People whose name holds `query`. Offline, what was found stays: the wire says why nothing new comes. */
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
