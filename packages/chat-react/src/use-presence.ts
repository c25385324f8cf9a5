import type { Presence } from '@everywire/chat-client';
import { useEffect, useReducer } from 'react';
import { useClient } from './client-context.js';

/** Watches these users while the component is mounted, and returns a function for the known presence of each. */
export function usePresence(users: readonly number[]): (user: number) => Presence {
  const client = useClient();
  const [, repaint] = useReducer((count: number) => count + 1, 0);
  const key = users.join(' ');
  useEffect(() => {
    const watched = key === '' ? [] : key.split(' ').map(Number);
    if (watched.length === 0) return;
    return client.watchPresence(watched, repaint);
  }, [client, key]);
  return (user) => client.presence(user);
}
