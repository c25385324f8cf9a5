import type { ChatClient, MemberEntry } from '@everywire/chat-client';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useClient } from './client-context.js';
import { useRetryOnReconnect } from './use-retry-on-reconnect.js';

/**
 * The members of a conversation that were loaded so far. `more`: whether there are further ones, which `loadMore`
 * loads.
 */
export interface MembersView {
  readonly members: readonly MemberEntry[];
  readonly more: boolean;
  readonly loadMore: () => void;
}

interface Loaded {
  readonly conversation: number;
  readonly members: readonly MemberEntry[];
  readonly more: boolean;
}

/**
 * Returns the members of a conversation, page by page. Loads none if `conversation` is `null`. Reloads the loaded pages
 * when `membersAt` (the version of the member list, from the conversation's entry) rises, and after a failure once the
 * connection is back.
 */
export function useMembers(conversation: number | null, membersAt: number): MembersView {
  const client = useClient();
  const { repeats, note } = useRetryOnReconnect();
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const current = loaded !== null && loaded.conversation === conversation ? loaded : null;
  const last = current?.members.at(-1)?.person.id ?? null;
  const shownUpTo = useRef(last);
  shownUpTo.current = last;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number changes with members and roles
  useEffect(() => {
    if (conversation === null) return;
    let dropped = false;
    readUpTo(client, conversation, { person: shownUpTo.current ?? 0, isDropped: () => dropped }).then(
      (answer) => {
        if (dropped) return;
        setLoaded({ conversation, ...answer });
        note(false);
      },
      // The client is offline, or the user is not a member any more. Keeps the known members. The page reports the
      // reason elsewhere.
      () => {
        if (!dropped) note(true);
      },
    );
    return () => {
      dropped = true;
    };
  }, [client, conversation, membersAt, repeats, note]);

  const loadMore = useCallback(() => {
    if (conversation === null || last === null) return;
    client.members(conversation, last).then(
      (answer) =>
        setLoaded((before) =>
          before?.conversation === conversation && before.members.at(-1)?.person.id === last
            ? { conversation, members: [...before.members, ...answer.members], more: answer.more }
            : before,
        ),
      () => undefined,
    );
  }, [client, conversation, last]);
  const members = useCurrentPeople(client, current?.members ?? none);
  return { members, more: current?.more ?? false, loadMore };
}

const none: readonly MemberEntry[] = [];

/**
 * Returns the members with current profiles, because names and pictures may change after a page was read. The array is
 * the same object until a profile changes.
 */
function useCurrentPeople(client: ChatClient, members: readonly MemberEntry[]): readonly MemberEntry[] {
  const shown = useRef({ of: members, current: members });
  const subscribe = useCallback((listener: () => void) => client.subscribe(listener), [client]);
  const look = () => {
    const known = shown.current.of === members ? shown.current.current : members;
    const isOld = ({ person }: MemberEntry) => client.person(person.id) !== person;
    const current = known.some(isOld)
      ? known.map((entry) => (isOld(entry) ? { ...entry, person: client.person(entry.person.id) } : entry))
      : known;
    shown.current = { of: members, current };
    return current;
  };
  return useSyncExternalStore(subscribe, look, look);
}

/**
 * Reads pages up to the one that contains the user id `person`, so that a list that the user has scrolled does not
 * become shorter. Stops early if the result is no longer needed.
 */
async function readUpTo(
  client: ChatClient,
  conversation: number,
  { person, isDropped }: { readonly person: number; readonly isDropped: () => boolean },
): Promise<Omit<Loaded, 'conversation'>> {
  let members: readonly MemberEntry[] = [];
  let more = true;
  let last: number | null = null;
  while (more && !isDropped() && (last === null || last < person)) {
    const page: Omit<Loaded, 'conversation'> = await client.members(conversation, last);
    members = [...members, ...page.members];
    more = page.more && page.members.length > 0;
    last = page.members.at(-1)?.person.id ?? last;
  }
  return { members, more };
}
