import type { ConversationEntry, MemberEntry } from '@everywire/chat-client';
import { type MembersView, useClient, useRetryOnReconnect } from '@everywire/chat-react';
import { useEffect, useState } from 'react';
import { codeOf } from '../app/backend.js';

interface Beyond {
  readonly members: readonly MemberEntry[];
  readonly looking: boolean;
  /** Why it did not get to the end. */
  readonly problem: string | null;
}

const none: Beyond = { members: [], looking: false, problem: null };

/**
 * Members beyond those that are listed, page by page to the last, while somebody looks for one: the server answers in the order in which people came
 * to it, and knows no names there. They are no part of the list, which stays as long as it was.
 */
export function useMembersBeyond(entry: ConversationEntry, listed: MembersView, wanted: boolean) {
  const client = useClient();
  const { id, membersAt } = entry;
  const [beyond, setBeyond] = useState(none);
  const { repeats, note } = useRetryOnReconnect();
  const [tries, setTries] = useState(0);
  const last = listed.more ? (listed.members.at(-1)?.person.id ?? null) : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the numbers say that somebody came or went, or that it is tried again
  useEffect(() => {
    setBeyond(none);
    if (!wanted || last === null) return;
    let dropped = false;
    const look = async () => {
      let after: number | null = last;
      while (after !== null && !dropped) {
        const page: Awaited<ReturnType<typeof client.members>> = await client.members(id, after);
        if (dropped) return;
        after = page.more ? (page.members.at(-1)?.person.id ?? null) : null;
        const looking = after !== null;
        setBeyond((before) => ({ members: [...before.members, ...page.members], looking, problem: null }));
      }
    };
    setBeyond({ ...none, looking: true });
    look().catch((error: unknown) => {
      if (dropped) return;
      setBeyond((before) => ({ ...before, looking: false, problem: codeOf(error) }));
      note(true);
    });
    return () => {
      dropped = true;
    };
  }, [client, id, membersAt, wanted, last, tries, repeats, note]);
  return { ...beyond, again: () => setTries((before) => before + 1) };
}
