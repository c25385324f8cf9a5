import type { ConversationEntry, MemberEntry } from '@everywire/chat-client';
import { type MembersView, useClient, useRetryOnReconnect } from '@everywire/chat-react';
import { useEffect, useState } from 'react';
import { codeOf } from '../app/backend.js';

interface MoreMembers {
  readonly members: readonly MemberEntry[];
  readonly looking: boolean;
  /** The error code if loading stopped early. */
  readonly problem: string | null;
}

const none: MoreMembers = { members: [], looking: false, problem: null };

/**
 * Loads the members after those listed, page by page, while the user searches for a name. The server has no search by name among members.
 * The listed members stay as they are.
 */
export function useMoreMembers(entry: ConversationEntry, listed: MembersView, wanted: boolean) {
  const client = useClient();
  const { id, membersAt } = entry;
  const [beyond, setBeyond] = useState(none);
  const { repeats, note } = useRetryOnReconnect();
  const [tries, setTries] = useState(0);
  const last = listed.more ? (listed.members.at(-1)?.person.id ?? null) : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `membersAt`, `tries` and `repeats` restart the loading
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
