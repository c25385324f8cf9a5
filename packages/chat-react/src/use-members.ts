import type { MemberEntry } from '@everywire/chat-client';
import { useCallback, useEffect, useState } from 'react';
import { useClient } from './client-context.js';

/** Members as far as they are known here. */
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

/** Members of a conversation, asked for anew when their number changes. */
export function useMembers(conversation: number | null, memberCount: number): MembersView {
  const client = useClient();
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number says that somebody came or went
  useEffect(() => {
    if (conversation === null) return;
    let dropped = false;
    client.members(conversation, null).then(
      (answer) => {
        if (!dropped) setLoaded({ conversation, ...answer });
      },
      // Offline or no member any more: what was known stays, the pane says the rest.
      () => undefined,
    );
    return () => {
      dropped = true;
    };
  }, [client, conversation, memberCount]);

  const current = loaded !== null && loaded.conversation === conversation ? loaded : null;
  const last = current?.members.at(-1)?.person.id ?? null;
  const loadMore = useCallback(() => {
    if (conversation === null || last === null) return;
    client.members(conversation, last).then(
      (answer) =>
        setLoaded((before) =>
          before?.conversation === conversation
            ? { conversation, members: [...before.members, ...answer.members], more: answer.more }
            : before,
        ),
      () => undefined,
    );
  }, [client, conversation, last]);
  return { members: current?.members ?? [], more: current?.more ?? false, loadMore };
}
