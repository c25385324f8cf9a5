import type { FollowedThreads } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { useEffect, useState } from 'react';
import { codeOf } from '../app/backend.js';

interface Followed extends FollowedThreads {
  /** The error code of the last request, or `null`. */
  readonly problem: string | null;
}

/** Loads the followed threads page by page, and again from the start when `unread` changes, because then the list has changed. */
export function useFollowedThreads(unread: number): Followed & {
  readonly loading: boolean;
  readonly loadMore: () => void;
  /** Repeats what failed: the first page or the next. */
  readonly retry: () => void;
} {
  const client = useClient();
  const [followed, setFollowed] = useState<Followed>({ threads: [], next: null, problem: null });
  const [loading, setLoading] = useState(true);
  const [retries, setRetries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new unread count means that the list has changed; each retry loads again
  useEffect(() => {
    let dropped = false;
    const settle = (change: (before: Followed) => Followed) => {
      if (dropped) return;
      setFollowed(change);
      setLoading(false);
    };
    client.threads(null).then(
      (page) => settle(() => ({ ...page, problem: null })),
      (error: unknown) => settle((before) => ({ ...before, problem: codeOf(error) })),
    );
    return () => {
      dropped = true;
    };
  }, [client, unread, retries]);

  const { next } = followed;
  const loadMore = () => {
    setLoading(true);
    client
      .threads(next)
      .then(
        // Dropped if the list was loaded again in the meantime.
        (page) =>
          setFollowed((before) =>
            before.next === next ? { ...page, threads: [...before.threads, ...page.threads], problem: null } : before,
          ),
        (error: unknown) => setFollowed((before) => ({ ...before, problem: codeOf(error) })),
      )
      .finally(() => setLoading(false));
  };
  const retry = () => (next === null ? setRetries((before) => before + 1) : loadMore());
  return { ...followed, loading, loadMore, retry };
}
