import type { Presence } from '@everywire/chat-client';
import { useEffect, useReducer } from 'react';
import { useClient } from './client-context.js';

/**
 * Watches the presence of these users while the component is mounted, and renders the component again when it changes.
 * Returns a function that returns the known presence of a user.
 */
export function usePresence(users: readonly number[]): (user: number) => Presence {
  const client = useClient();
  const [, repaint] = useReducer((count: number) => count + 1, 0);
  // A text, because the array is another object at each rendering even if it contains the same users.
  const key = users.join(' ');
  useEffect(() => {
    const watched = key === '' ? [] : key.split(' ').map(Number);
    if (watched.length === 0) return;
    return client.watchPresence(watched, repaint);
  }, [client, key]);
  return (user) => client.presence(user);
}
