import type { ChatClient, MemberEntry } from '@everywire/chat-client';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useClient } from './client-context.js';
import { useRetryOnReconnect } from './use-retry-on-reconnect.js';

/** The members loaded so far. */
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
 * Returns the members of a conversation, page by page; `null` loads none. Reloads the loaded pages when the entry's `membersAt`
 * rises, and after a failure once the connection is back.
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
      // Offline or no longer a member: keeps the known members; the page reports the reason.
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
 * Returns the members with current profiles, because names and pictures change after a page was read. The array keeps its
 * identity until one changes.
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
 * Reads pages up to the one that contains `person`, so that a scrolled list does not become shorter. Stops early if the answer
 * is no longer needed.
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
