import type { AdministeredPerson, PeopleAdministration } from '@everywire/chat-client';
import { useCallback, useRef, useState } from 'react';
import { usePagedSearch } from '../app/use-paged-search.js';

/** The state of a person after an action of this administrator; `null`: deleted. */
type Change = { readonly person: AdministeredPerson | null };

interface AdministeredPeople extends Omit<ReturnType<typeof usePagedSearch>, 'items'> {
  readonly shown: readonly AdministeredPerson[];
  /** Shows the result of an action, until a newer answer of the server replaces it. */
  readonly change: (id: number, person: AdministeredPerson | null) => void;
}

/** Searches accounts page by page and applies the administrator's own actions, whichever of answer and action is newer. */
export function useAdministeredPeople({ list }: Pick<PeopleAdministration, 'list'>, query: string): AdministeredPeople {
  const [changes, setChanges] = useState<ReadonlyMap<number, Change>>(new Map());
  const made = useRef(changes);
  const ask = useCallback(
    async (wanted: string, after: number | null) => {
      const before = made.current;
      const page = await list(wanted, after);
      const answered = new Set(page.people.map(({ id }) => id));
      // An action taken during the request may be newer than its answer.
      const isNewer = ([id, change]: readonly [number, Change]) => !answered.has(id) || before.get(id) !== change;
      made.current = new Map([...made.current].filter(isNewer));
      setChanges(made.current);
      return { items: page.people, next: page.next };
    },
    [list],
  );
  const { items, ...found } = usePagedSearch(query, ask);
  const change = useCallback((id: number, person: AdministeredPerson | null) => {
    made.current = new Map(made.current).set(id, { person });
    setChanges(made.current);
  }, []);
  const shown = items.flatMap((item) => {
    const changed = changes.get(item.id);
    if (changed === undefined) return [item];
    return changed.person === null ? [] : [changed.person];
  });
  return { ...found, shown, change };
}
