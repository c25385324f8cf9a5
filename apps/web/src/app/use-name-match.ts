import type { ConversationEntry } from '@everywire/chat-client';
import { useCallback, useMemo } from 'react';
import { nameForm } from './name-form.js';

/** How well names match: 0 if one starts with the query, 1 if one contains it, `null` if none does. */
type Rank = 0 | 1 | null;

/** Returns a function that ranks how the names of a person or conversation match the query. An empty query matches everything. */
export function useNameMatch(query: string): (...names: readonly string[]) => Rank {
  return useMemo(() => {
    const wanted = nameForm(query);
    return (...names) => {
      const forms = names.map(nameForm);
      if (forms.some((form) => form.startsWith(wanted))) return 0;
      return forms.some((form) => form.includes(wanted)) ? 1 : null;
    };
  }, [query]);
}

/** Returns a function that tells whether the query matches a conversation: by its title, or by the names of its peer. */
export function useConversationMatch(query: string): (entry: ConversationEntry) => boolean {
  const matches = useNameMatch(query);
  return useCallback(
    ({ title, peer }) => matches(title, peer?.name ?? '', peer?.displayName ?? '') !== null,
    [matches],
  );
}
