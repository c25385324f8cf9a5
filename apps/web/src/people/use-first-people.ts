import type { Person } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { useEffect, useState } from 'react';

/** 200 people: a whole small team. */
const PAGES_MAX = 4;

/** Returns the first people of the directory, loaded when first `wanted`. Empty until then, and after a failure. */
export function useFirstPeople(wanted: boolean): readonly Person[] {
  const client = useClient();
  const [people, setPeople] = useState<readonly Person[]>([]);
  useEffect(() => {
    if (!wanted) return;
    let dropped = false;
    const load = async () => {
      let read: readonly Person[] = [];
      for (let pages = 0; pages < PAGES_MAX && !dropped; pages++) {
        const page: Awaited<ReturnType<typeof client.people>> = await client.people('', read.at(-1)?.id ?? null);
        read = [...read, ...page.people];
        if (!page.more || page.people.length === 0) break;
      }
      if (!dropped) setPeople(read);
    };
    load().catch(() => undefined);
    return () => {
      dropped = true;
    };
  }, [client, wanted]);
  return people;
}
