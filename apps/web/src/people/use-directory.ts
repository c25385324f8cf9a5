import type { DirectoryPosition, Outline } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { useCallback } from 'react';
import { usePagedSearch } from '../app/use-paged-search.js';

interface Directory {
  readonly groups: readonly Outline[];
  readonly more: boolean;
  readonly loading: boolean;
  readonly problem: string | null;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

/** Searches the groups and channels that anyone may join by name, page by page. */
export function useDirectory(query: string): Directory {
  const client = useClient();
  const ask = useCallback(
    async (wanted: string, after: DirectoryPosition | null) => {
      const { groups, next } = await client.groups.directory(wanted, after);
      return { items: groups, next };
    },
    [client],
  );
  const { items, ...rest } = usePagedSearch(query, ask);
  return { groups: items, ...rest };
}
