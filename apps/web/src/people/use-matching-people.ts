import { useChat } from '@everywire/chat-react';
import { useMemo } from 'react';
import { useNameMatch } from '../app/use-name-match.js';
import { useFirstPeople } from './use-first-people.js';
import { usePeople } from './use-people.js';

/**
 * Adds to the results of `usePeople` who matches by pinyin or without accents, which the server does not compare: of the first people of the
 * directory and of those the user talks to.
 */
export function useMatchingPeople(query: string): ReturnType<typeof usePeople> {
  const { people: found, ...rest } = usePeople(query);
  const { conversations } = useChat();
  const first = useFirstPeople(/[a-z]/iu.test(query));
  const matches = useNameMatch(query);
  const people = useMemo(() => {
    if (query === '') return found;
    const known = [...first, ...conversations.flatMap(({ peer }) => peer ?? [])];
    const more = known.filter(
      ({ displayName, name, state }) => state === undefined && matches(displayName, name) !== null,
    );
    return [...new Map([...found, ...more].map((person) => [person.id, person])).values()];
  }, [query, found, first, conversations, matches]);
  return { ...rest, people };
}
